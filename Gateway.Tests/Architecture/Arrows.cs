using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Gateway.Tests.Architecture;

/// <summary>Which type of the gateway uses which, read from the compiled assembly: signatures, attributes and method bodies.</summary>
internal static class Arrows
{
    /// <summary>All of them, each once; a nested type counts as the one around it.</summary>
    public static IReadOnlySet<(TypeDefinition From, TypeDefinition To)> Read()
    {
        using var module = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var arrows = new HashSet<(TypeDefinition, TypeDefinition)>();
        foreach (var type in module.GetTypes())
        {
            foreach (var used in Used(type))
            {
                // Types of other assemblies are not ours to place.
                if (used is TypeDefinition target && Outermost(type) != Outermost(target)) arrows.Add((Outermost(type), Outermost(target)));
            }
        }

        return arrows;
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Used(TypeDefinition type) =>
        Direct(type).Where(reference => reference is not null).SelectMany(Parts!);

    private static IEnumerable<TypeReference?> Direct(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var contract in type.Interfaces) yield return contract.InterfaceType;
        foreach (var attribute in type.CustomAttributes) yield return attribute.AttributeType;
        foreach (var parameter in type.GenericParameters.SelectMany(parameter => parameter.Constraints)) yield return parameter.ConstraintType;
        foreach (var field in type.Fields) yield return field.FieldType;
        foreach (var property in type.Properties) yield return property.PropertyType;
        foreach (var used in type.Methods.SelectMany(Of)) yield return used;
    }

    private static IEnumerable<TypeReference?> Of(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters) yield return parameter.ParameterType;
        foreach (var parameter in method.GenericParameters.SelectMany(parameter => parameter.Constraints)) yield return parameter.ConstraintType;
        if (!method.HasBody) yield break;
        foreach (var variable in method.Body.Variables) yield return variable.VariableType;
        foreach (var handler in method.Body.ExceptionHandlers) yield return handler.CatchType;
        foreach (var used in method.Body.Instructions.SelectMany(Of)) yield return used;
    }

    private static IEnumerable<TypeReference?> Of(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                yield return type;
                break;
            case FieldReference field:
                yield return field.DeclaringType;
                yield return field.FieldType;
                break;
            case MethodReference method:
                yield return method.DeclaringType;
                yield return method.ReturnType;
                foreach (var parameter in method.Parameters) yield return parameter.ParameterType;
                foreach (var argument in (method as GenericInstanceMethod)?.GenericArguments ?? []) yield return argument;
                break;
        }
    }

    // List<Frame[]> uses Frame.
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}

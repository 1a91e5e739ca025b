using System.Reflection;
using Gateway.Engine;

namespace Gateway.Tests.Engine;

/// <summary>How much an object holds on to: objects, characters and items that can be reached from it.</summary>
/// <remarks>The memory of the process would also count what tests beside this one use.</remarks>
internal static class ObjectGraph
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static long SizeOf(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([root]);
        var size = 0L;
        while (open.TryPop(out var value))
        {
            // What a value is made of lies in the object around it, so it is looked through and not counted once more.
            if (value is string or Array || !value.GetType().IsValueType)
            {
                if (!seen.Add(value)) continue;
                size++;
            }

            if (value is Type or Delegate or INodeKind) continue;
            if (value is string text) size += text.Length;
            if (value is string || value.GetType().IsPrimitive || value.GetType().IsEnum) continue;
            if (value is Array array)
            {
                size += array.Length;
                if (array.GetType().GetElementType()!.IsPrimitive) continue;
                foreach (var item in array)
                {
                    if (item is not null) open.Push(item);
                }

                continue;
            }

            for (var type = value.GetType(); type is not null; type = type.BaseType)
            {
                foreach (var field in type.GetFields(Fields))
                {
                    if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer && field.GetValue(value) is { } next && next.GetType() != value.GetType()) open.Push(next);
                    else if (field.FieldType.IsClass && field.GetValue(value) is { } same) open.Push(same);
                }
            }
        }

        return size;
    }
}

using System.Reflection;

namespace Gateway.Settings;

/// <summary>The settings that an options class has in its section.</summary>
/// <param name="Section">Where they stand; a part that is <c>*</c> stands for any name.</param>
/// <param name="Options">The class; a public property is a setting.</param>
internal sealed record KnownSettings(string Section, Type Options)
{
    /// <summary>Stands for any name in a path.</summary>
    public const string Any = "*";

    /// <summary>Every setting, with <see cref="Any"/> for the names of a dictionary.</summary>
    public IEnumerable<(string Path, Type Type)> List() => List(Section, Options);

    /// <summary>Every setting, with the names that a configuration has in place of <see cref="Any"/>.</summary>
    public IEnumerable<(string Path, Type Type)> Resolve(IConfiguration configuration) => List().SelectMany(setting => Resolve(configuration, setting.Path).Select(path => (path, setting.Type)));

    private static IEnumerable<(string Path, Type Type)> List(string path, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true }))
        {
            var at = $"{path}:{property.Name}";
            if (ValueOf(property.PropertyType) is { } value)
            {
                foreach (var setting in IsLeaf(value) ? [($"{at}:{Any}", value)] : List($"{at}:{Any}", value)) yield return setting;
            }
            else if (IsLeaf(property.PropertyType))
            {
                yield return (at, property.PropertyType);
            }
            else
            {
                foreach (var setting in List(at, property.PropertyType)) yield return setting;
            }
        }
    }

    private static bool IsLeaf(Type type) => type.IsValueType || type == typeof(string) || type.IsArray || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    private static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Dictionary<,>) || open == typeof(IDictionary<,>)) ? type.GetGenericArguments()[1] : null;

    private static IEnumerable<string> Resolve(IConfiguration configuration, string path)
    {
        var star = path.IndexOf($":{Any}", StringComparison.Ordinal);
        if (star < 0) return [path];
        return configuration.GetSection(path[..star]).GetChildren().SelectMany(child => Resolve(configuration, $"{path[..star]}:{child.Key}{path[(star + 2)..]}"));
    }
}

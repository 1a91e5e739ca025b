using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Shows its prompt and waits; the first valid answer of a user is the node's output.</summary>
/// <remarks>With actions, a schema or an expiry its result tells what was chosen, as what data, by whom, and whether nobody did.</remarks>
internal sealed class HumanReviewKind : NodeKind
{
    private const string Skip = "skip";
    private const string Fail = "fail";
    private const int MostNames = 50;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    private static readonly WithKey ActionsKey = new("actions", WithValue.List) { Description = "What a user can choose: approve, reject, edit, or names of your own" };
    private static readonly WithKey SchemaKey = new("schema", WithValue.Keys) { Description = "A JSON Schema that the data of an answer must fit" };
    private static readonly WithKey AssigneesKey = new("assignees", WithValue.List) { Description = "Who is to answer, a list of names; absent: anybody" };
    private static readonly WithKey RemindKey = new("remind_in", WithValue.Time) { Description = "When it is shown again that nobody has answered; absent: never" };
    private static readonly WithKey ExpiresKey = new("expires_in", WithValue.Time) { Description = "When it is too late to answer; absent: never" };
    private static readonly WithKey OnExpiryKey = new("on_expiry", WithValue.Text) { Choices = [Fail, PromptAction.Approve, PromptAction.Reject, Skip], Description = "What follows when nobody has answered in time; absent: fail" };

    /// <inheritdoc/>
    public override string Type => NodeType.HumanReview;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Shows its prompt and waits; the first valid answer of a user is its output.",
        Prompt = KeyUse.Required,
        With = [ActionsKey, SchemaKey, AssigneesKey, RemindKey, ExpiresKey, OnExpiryKey],
    };

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        var node = check.Definition;
        CheckActions(check);
        CheckAssignees(check);
        if (SchemaKey.Json(node) is { } schema && OutputSchema.Read(schema).Problem is { } problem) check.Report($"with.{SchemaKey.Name}", problem);
        var (remind, expires) = (RemindKey.Time(node), ExpiresKey.Time(node));
        foreach (var (key, time) in new[] { (RemindKey, remind), (ExpiresKey, expires) })
        {
            if (time is { } given && (given <= TimeSpan.Zero || given > s_longest)) check.Report($"with.{key.Name}", $"The time is above 0 and at most {s_longest.TotalDays:0}d.");
        }

        if (remind >= expires) check.Report($"with.{RemindKey.Name}", $"The reminder comes before it is too late: make it shorter than '{ExpiresKey.Name}'.");
        if (OnExpiryKey.Text(node) is not { } policy) return;
        if (expires is null) check.Report($"with.{OnExpiryKey.Name}", $"Without '{ExpiresKey.Name}' the prompt never expires; give it, or take the key out.");
        var actions = Actions(node).Select(action => action.Id).ToList();
        if (policy is PromptAction.Approve or PromptAction.Reject && actions.Count > 0 && !actions.Contains(policy)) check.Report($"with.{OnExpiryKey.Name}", $"'{policy}' is none of the node's actions; add it to '{ActionsKey.Name}', or choose '{Fail}' or '{Skip}'.");
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        var definition = node.Node.Definition;
        var expires = ExpiresKey.Time(definition);
        node.Ask(new Question(definition.Prompt is { } prompt ? node.Node.Render(prompt) : "Your answer?")
        {
            Actions = Actions(definition),
            Schema = SchemaKey.Json(definition),
            Assignees = Assignees(definition),
            RemindIn = RemindKey.Time(definition),
            ExpiresIn = expires,
            OnExpiry = expires is null ? null : OnExpiryKey.Text(definition) ?? Fail,
        });
    }

    /// <inheritdoc/>
    public override void Answered(NodeContext node, UserAnswer answer) => node.Complete(ResultOf(node.Node, answer));

    /// <inheritdoc/>
    public override void Expired(NodeContext node, NodeFailure reason)
    {
        switch (OnExpiryKey.Text(node.Node.Definition))
        {
            case Skip:
                node.Reject(reason);
                node.Skip();
                break;
            case (PromptAction.Approve or PromptAction.Reject) and var action:
                node.Reject(reason);
                node.Say(action == PromptAction.Approve ? "Nobody answered in time, so it counts as approved." : "Nobody answered in time, so it counts as rejected.");
                node.Complete(Json.Of(("action", action), ("expired", true)));
                break;
            default:
                node.Fail(reason);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Recover(NodeContext node)
    {
        // With an answer only the end is missing from the log; else it asks what it asked, with the time that is left.
        if (node.Node.Answer is { } answer) node.Complete(ResultOf(node.Node, answer));
        else if (!node.AskAgain()) Start(node);
    }

    /// <inheritdoc/>
    public override string Heading(NodeView node) =>
        node.Definition.Prompt is { } prompt && !string.IsNullOrWhiteSpace(prompt) && !prompt.Contains("{{", StringComparison.Ordinal) && !prompt.Contains("{%", StringComparison.Ordinal) ? $"User, asked: {prompt}" : "User";

    private static JsonElement? ResultOf(NodeView node, UserAnswer answer)
    {
        var definition = node.Definition;
        var isFree = ActionsKey.Json(definition) is null && SchemaKey.Json(definition) is null && ExpiresKey.Json(definition) is null;
        return isFree ? null : Json.Of(("action", answer.Action), ("data", answer.Data), ("by", answer.By));
    }

    private static List<PromptAction> Actions(NodeDefinition node)
    {
        var actions = new List<PromptAction>();
        if (ActionsKey.Json(node) is not { ValueKind: JsonValueKind.Array } list) return actions;
        foreach (var item in list.EnumerateArray())
        {
            var id = item.ValueKind == JsonValueKind.String ? item.GetString()! : TextOf(item, "id") ?? string.Empty;
            var needs = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("needs_input", out var told) ? told.ValueKind == JsonValueKind.True : id == PromptAction.Edit;
            actions.Add(new PromptAction { Id = id, Label = TextOf(item, "label"), NeedsInput = needs ? true : null });
        }

        return actions;
    }

    private static List<string> Assignees(NodeDefinition node) =>
        AssigneesKey.Json(node) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)] : [];

    private static void CheckActions(NodeCheck check)
    {
        if (ActionsKey.Json(check.Definition) is not { } list) return;
        if (list.GetArrayLength() is 0 or > MostNames) check.Report($"with.{ActionsKey.Name}", $"There are 1 to {MostNames} actions, such as [approve, reject, edit]; without the key the answer is free.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, item) in list.EnumerateArray().Take(MostNames).Index())
        {
            var path = $"with.{ActionsKey.Name}[{index}]";
            if (item.ValueKind == JsonValueKind.Object) CheckMembers(check, path, item);
            var id = item.ValueKind == JsonValueKind.String ? item.GetString() : TextOf(item, "id");
            if (id is null) check.Report(path, "Expected an action's id, or keys with values: id, label, needs_input.");
            else if (!IdForm.Matches(id)) check.Report(path, $"'{Naming.Show(id)}' is not an id: an id has {IdForm.Words}.");
            else if (!seen.Add(id)) check.Report(path, $"The action '{id}' stands here twice; an action has one id, and capitals do not tell two apart.");
        }
    }

    private static void CheckMembers(NodeCheck check, string path, JsonElement item)
    {
        foreach (var member in item.EnumerateObject())
        {
            var isRight = member.Name switch
            {
                "id" or "label" => member.Value.ValueKind == JsonValueKind.String,
                "needs_input" => member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                _ => false,
            };
            if (!isRight) check.Report($"{path}.{Naming.Show(member.Name)}", "The keys here are id (text), label (text) and needs_input (true or false).");
        }
    }

    private static void CheckAssignees(NodeCheck check)
    {
        if (AssigneesKey.Json(check.Definition) is not { } list) return;
        if (list.GetArrayLength() is 0 or > MostNames) check.Report($"with.{AssigneesKey.Name}", $"There are 1 to {MostNames} names; without the key anybody may answer.");
        foreach (var (index, name) in list.EnumerateArray().Take(MostNames).Index())
        {
            if (name.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(name.GetString())) check.Report($"with.{AssigneesKey.Name}[{index}]", "Expected a name.");
        }
    }

    private static string? TextOf(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}

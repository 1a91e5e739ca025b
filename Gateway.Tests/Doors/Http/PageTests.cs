using System.Net;
using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed partial class PageTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "Gateway", "wwwroot")).Select(f => Path.GetFileName(f))];

    [Fact]
    public async Task The_root_is_the_page_and_may_load_only_from_this_host()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'self';", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(["/ws", "/hub", "/api/v1", "/scalar"], address => Assert.Contains(address, page));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_of_the_page_is_served(string file)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"/{file}")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_file_of_the_page_names_another_host_or_reads_text_as_HTML(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "Gateway", "wwwroot", file));

        Assert.DoesNotMatch(OtherHosts(), text);
        Assert.DoesNotMatch(HtmlSinks(), text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_the_page_names_exists(string file)
    {
        var folder = Path.Combine(Repository.Root, "Gateway", "wwwroot");
        foreach (Match match in References().Matches(File.ReadAllText(Path.Combine(folder, file))))
        {
            Assert.True(File.Exists(Path.Combine(folder, match.Groups[1].Value)), $"{file} names {match.Groups[1].Value}, which is not there.");
        }
    }

    [GeneratedRegex("""(https?:|wss?:)?//[a-z0-9-]+\.[a-z]""", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHosts();

    [GeneratedRegex("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|srcdoc|createContextualFragment|\\beval\\(|new Function")]
    private static partial Regex HtmlSinks();

    [GeneratedRegex("""(?:from '\./|src="|href=")([\w-]+\.(?:js|css))""")]
    private static partial Regex References();
}

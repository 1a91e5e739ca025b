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
        Assert.All(["/ws", "/hub", "/api/v1", "/scalar", "/docs/protocol"], address => Assert.Contains(address, page));
    }

    [Fact]
    public async Task The_page_talks_to_its_own_host_alone()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/");

        Assert.Contains("; connect-src 'self' ws://localhost wss://localhost;", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/scalar/")]
    [InlineData("/docs/protocol")]
    [InlineData("/asyncapi.json")]
    [InlineData("/api/v1/workflows")]
    [InlineData("/api/v1/nothing")]
    public async Task No_page_may_be_framed(string path)
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync(path);

        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task The_page_to_try_the_API_runs_only_its_own_scripts()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/scalar/");

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        var nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.NotEmpty(nonce);
        var scripts = Scripts().Matches(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.True(script.Value.Contains(nonce, StringComparison.Ordinal) || script.Value.Contains("src=", StringComparison.Ordinal), script.Value));
    }

    [GeneratedRegex("script-src 'self' 'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Scripts();

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

using System.Net;
using System.Text.RegularExpressions;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>The protocol's description, for programs and to read.</summary>
public sealed partial class ProtocolDocumentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/asyncapi.json", "application/json", "asyncapi.json")]
    [InlineData("/docs/protocol", "text/html", "protocol.html")]
    [InlineData("/docs/protocol.css", "text/css", "protocol.css")]
    public async Task A_file_is_served_as_it_stands_and_once_to_who_keeps_it(string address, string type, string file)
    {
        await using var server = await HttpServer.StartAsync();

        var first = await server.GetAsync(address);
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        var second = await server.Client.SendAsync(again, Token);

        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Gateway", "protocol", file), Token), await first.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal("default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", Assert.Single(first.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task With_a_slash_at_the_end_the_page_is_where_it_is_without()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/docs/protocol/");

        // The server's client does not follow.
        Assert.Equal((HttpStatusCode.Redirect, "../protocol"), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere_and_runs_nothing()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "Gateway", "protocol", "protocol.html"));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(OwnStyles(), page);
        Assert.All(Loaded().Matches(page), loaded => Assert.Contains(loaded.Groups[1].Value, (string[])["data:,", "protocol.css"]));
    }

    [Fact]
    public void Every_place_that_the_page_leads_to_is_there_once()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "Gateway", "protocol", "protocol.html"));
        var places = Places().Matches(page).Select(place => place.Groups[1].Value).ToList();

        Assert.Distinct(places, StringComparer.Ordinal);
        Assert.All(Links().Matches(page), link => Assert.Contains(link.Groups[1].Value, places));
    }

    [GeneratedRegex(" style=|<style", RegexOptions.IgnoreCase)]
    private static partial Regex OwnStyles();

    [GeneratedRegex("""(?:<link[^>]* href|<img[^>]* src|<iframe[^>]* src)="([^"]*)""")]
    private static partial Regex Loaded();

    [GeneratedRegex("""id="([^"]+)""")]
    private static partial Regex Places();

    [GeneratedRegex("""href="#([^"]+)""")]
    private static partial Regex Links();
}

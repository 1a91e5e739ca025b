using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>The page about the protocol, as a browser has it.</summary>
public sealed class ProtocolPageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string IsThere = "document.querySelector('h1') !== null";

    [Fact]
    public async Task It_shows_every_message_within_its_policy_and_asks_nobody_else()
    {
        await using var page = await fixture.OpenOtherAsync("/docs/protocol", IsThere);

        // The style has come: without it the contents stand above the text.
        Assert.Equal("none", (await page.EvaluateAsync("getComputedStyle(document.querySelector('nav ul')).listStyleType")).GetString());
        Assert.Empty(Strings(await page.EvaluateAsync("performance.getEntriesByType('resource').filter((e) => e.responseStatus >= 400 || !e.name.startsWith(location.origin)).map((e) => e.name)")));
        Assert.Empty(Strings(await page.EvaluateAsync("broken")));
        var headings = Strings(await page.EvaluateAsync("[...document.querySelectorAll('h3')].map((e) => e.textContent)")).ToHashSet();
        Assert.Superset(SessionEvents.All.Select(kind => kind.Name).Concat(CommandTable.All.Select(command => command.Name)).ToHashSet(), headings!);
    }

    [Fact]
    public async Task It_can_be_read_with_a_screen_reader_and_a_keyboard()
    {
        await using var page = await fixture.OpenOtherAsync("/docs/protocol", IsThere);

        Assert.Equal("en", (await page.EvaluateAsync("document.documentElement.lang")).GetString());
        Assert.Equal(1, (await page.EvaluateAsync("document.querySelectorAll('h1').length")).GetInt32());
        Assert.Equal(1, (await page.EvaluateAsync("document.querySelectorAll('main').length")).GetInt32());
        Assert.Empty(Strings(await page.EvaluateAsync("[...document.querySelectorAll('h1, h2, h3, h4')].filter((e, i, all) => i > 0 && e.tagName[1] - all[i - 1].tagName[1] > 1).map((e) => `${e.textContent} skips a level`)")));
        Assert.Empty(Strings(await page.EvaluateAsync("[...document.querySelectorAll('th')].filter((e) => !e.scope).map((e) => e.textContent)")));
        Assert.Empty(Strings(await page.EvaluateAsync("[...document.querySelectorAll('a')].filter((e) => !e.textContent.trim()).map((e) => e.outerHTML)")));

        // The first stop of the keyboard leads past the contents.
        Assert.Equal("#main", (await page.EvaluateAsync("document.querySelector('a').getAttribute('href')")).GetString());
        Assert.True((await page.EvaluateAsync("document.querySelector('a').focus(), document.activeElement.getBoundingClientRect().left >= 0")).GetBoolean());
    }

    [Fact]
    public async Task Nothing_runs_out_of_a_narrow_window_and_all_text_stands_out_in_light_and_dark()
    {
        await using var page = await fixture.OpenOtherAsync("/docs/protocol", IsThere);

        foreach (var scheme in (string[])["light", "dark"])
        {
            await page.LookAsync(width: 360, scheme);
            Assert.True((await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean(), "The page is wider than its window.");
            Assert.Empty(Strings(await page.EvaluateAsync(Faint)));
        }
    }

    [Fact]
    public async Task The_start_page_leads_to_it()
    {
        await using var page = await fixture.OpenAsync();

        Assert.Equal(new Uri(fixture.Address, "/docs/protocol").AbsoluteUri, (await page.EvaluateAsync("[...document.querySelectorAll('nav a')].find((a) => a.textContent === '/docs/protocol').href")).GetString());
    }

    // Texts whose contrast with what is behind them is below 4.5, as WCAG 2 counts it.
    private const string Faint = """
        (() => {
          const parts = (color) => color.match(/[\d.]+/g).map(Number);
          const light = (color) => {
            const [r, g, b] = parts(color).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = (e) => {
            for (; e; e = e.parentElement) {
              const color = getComputedStyle(e).backgroundColor;
              if ((parts(color)[3] ?? 1) > 0) return color;
            }
            return getComputedStyle(document.body).backgroundColor;
          };
          return [...document.querySelectorAll('h1, h2, h3, p, li, th, td, code, a')]
            .filter((e) => {
              const [one, other] = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a);
              return (one + 0.05) / (other + 0.05) < 4.5;
            })
            .map((e) => e.textContent);
        })()
        """;

    private static IEnumerable<string?> Strings(JsonElement list) => list.EnumerateArray().Select(e => e.GetString());
}

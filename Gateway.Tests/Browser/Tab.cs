using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>One page in a browser, with nothing kept from another.</summary>
internal sealed class Tab : IAsyncDisposable
{
    // Notes what the page says about its connection, errors nobody caught, and what it posts.
    private const string Notes = """
        window.said = [];
        window.broken = [];
        window.posts = [];
        addEventListener('error', (e) => broken.push(e.message ?? `${e.target.src ?? e.target.href} cannot be loaded`), true);
        addEventListener('securitypolicyviolation', (e) => broken.push(`${e.violatedDirective} forbids ${e.blockedURI} ${e.sample}`));
        addEventListener('unhandledrejection', (e) => broken.push(String(e.reason)));
        addEventListener('DOMContentLoaded', () => {
          const connection = document.getElementById('connection');
          if (connection) new MutationObserver(() => said.push(connection.textContent)).observe(connection, { childList: true });
        });
        {
          const report = console.error;
          console.error = (...words) => {
            broken.push(words.join(' '));
            report(...words);
          };
        }
        {
          const send = fetch;
          window.fetch = (url, options) => {
            if (options?.method === 'POST') posts.push(url);
            return send(url, options);
          };
        }
        """;

    private readonly Chromium _browser;
    private readonly string _context;
    private readonly string _id;

    private Tab(Chromium browser, string context, string id) => (_browser, _context, _id) = (browser, context, id);

    // The gateway's own page.
    private const string OwnPage = "document.getElementById('workflow')?.options.length > 0";

    /// <summary>Opens an address; a script may run before those of the page, and a condition tells when that is there.</summary>
    public static async Task<Tab> OpenAsync(Chromium browser, Uri address, string script = "", string isThere = OwnPage)
    {
        var context = (await browser.AskAsync("Target.createBrowserContext")).GetProperty("browserContextId").GetString()!;
        var target = (await browser.AskAsync("Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = context })).GetProperty("targetId").GetString();
        var session = (await browser.AskAsync("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true })).GetProperty("sessionId").GetString()!;
        var tab = new Tab(browser, context, session);
        await tab.AskAsync("Page.enable");
        await tab.AskAsync("Performance.enable");
        await tab.AskAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = Notes + script });
        await tab.GoAsync(address, isThere);
        return tab;
    }

    public async Task GoAsync(Uri address, string isThere = OwnPage)
    {
        await AskAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await UntilAsync($"document.readyState === 'complete' && ({isThere})", "the page to be there");
    }

    /// <summary>What an expression of JavaScript comes to.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        if (answer.TryGetProperty("exceptionDetails", out var exception)) throw new InvalidOperationException(exception.GetRawText());
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    public async Task<string?> TextAsync(string id) => (await EvaluateAsync($"document.getElementById('{id}').textContent")).GetString();

    /// <summary>Waits until a condition of JavaScript holds, looking whenever the page changes.</summary>
    public async Task UntilAsync(string condition, string what)
    {
        var waiting = $$"""
            new Promise((done) => {
              const look = () => { if ({{condition}}) { watch.disconnect(); clearInterval(often); done(true); } };
              // A field's value changes without a change of the document.
              const often = setInterval(look, 50);
              const watch = new MutationObserver(look);
              watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
              addEventListener('load', look);
              look();
            })
            """;
        while (true)
        {
            try
            {
                await EvaluateAsync(waiting);
                return;
            }
            catch (TimeoutException)
            {
                var text = await EvaluateAsync("document.body.innerText + ' | ' + said.join(', ') + ' | ' + broken.join(', ')");
                throw new TimeoutException($"Waited in vain for {what}. The page: {text}");
            }
            catch (InvalidOperationException e) when (e.Message.Contains("context", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("navigated", StringComparison.Ordinal))
            {
                // The page that was asked has gone; the next one is there already.
            }
        }
    }

    /// <summary>Presses a button of the mouse on an element, so often.</summary>
    public async Task ClickAsync(string id, int times = 1)
    {
        var place = await EvaluateAsync($"(() => {{ const e = document.getElementById('{id}'); e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()");
        for (var count = 1; count <= times; count++)
        {
            foreach (var type in (string[])["mousePressed", "mouseReleased"])
            {
                await AskAsync("Input.dispatchMouseEvent", new() { ["type"] = type, ["x"] = place[0].GetDouble(), ["y"] = place[1].GetDouble(), ["button"] = "left", ["clickCount"] = count });
            }
        }
    }

    /// <summary>Shows the page in a window of so many pixels, to somebody who prefers light or dark.</summary>
    public async Task LookAsync(int width, string scheme)
    {
        await AskAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 800, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await AskAsync("Emulation.setEmulatedMedia", new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });
    }

    /// <summary>How often the page has been laid out.</summary>
    public async Task<double> LayoutsAsync()
    {
        var metrics = (await AskAsync("Performance.getMetrics")).GetProperty("metrics");
        return metrics.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "LayoutCount").GetProperty("value").GetDouble();
    }

    /// <summary>Writes into an empty field.</summary>
    public async Task WriteAsync(string id, string text)
    {
        await EvaluateAsync($"document.getElementById('{id}').focus()");
        await AskAsync("Input.insertText", new() { ["text"] = text });
    }

    /// <summary>Ends the tab; an error that the page did not catch fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        var broken = await EvaluateAsync("broken");
        await _browser.AskAsync("Target.disposeBrowserContext", new() { ["browserContextId"] = _context });
        Assert.Empty(broken.EnumerateArray().Select(e => e.GetString()));
    }

    private Task<JsonElement> AskAsync(string method, JsonObject? parameters = null) => _browser.AskAsync(method, parameters, _id);
}

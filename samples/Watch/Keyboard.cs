using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Gateway.Client;

namespace Watch;

/// <summary>The keys, and what each does to the session.</summary>
internal sealed class Keyboard
{
    private const string Commands = "p pause  r resume  a answer  c cancel  q leave";
    private const string Writing = "Enter sends, Esc leaves it";
    private const string Confirming = "Cancel the session for everybody? y/n";

    private readonly ConcurrentQueue<ConsoleKeyInfo> _pressed = new();
    private readonly SessionHandle _session;
    private readonly Screen _screen;
    private bool _isConfirming;

    public Keyboard(SessionHandle session, Screen screen)
    {
        (_session, _screen) = (session, screen);
        if (Console.IsInputRedirected) return;

        // The console sets itself up when it is first asked for a key, with locks that drawing takes in another order: it does so here, before there are two threads.
        _ = Console.KeyAvailable;

        // One that waits for keys all the time: between two looks at the keyboard the terminal would show what is typed.
        new Thread(Listen) { IsBackground = true, Name = "keyboard" }.Start();
    }

    /// <summary>Whether the user has had enough.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>The keys that do something now.</summary>
    public string Keys => Console.IsInputRedirected ? string.Empty : _isConfirming ? Confirming : _screen.Draft is null ? Commands : Writing;

    /// <summary>Does what the keys say that were pressed since the last time.</summary>
    public void Read()
    {
        while (_pressed.TryDequeue(out var key))
        {
            if (_screen.Draft is { } draft) Write(draft, key);
            else if (_isConfirming) Confirm(key);
            else Command(key);
        }
    }

    private void Command(ConsoleKeyInfo key)
    {
        switch (char.ToLowerInvariant(key.KeyChar))
        {
            case 'p':
                Send("paused", _session.PauseAsync());
                break;
            case 'r':
                Send("resumed", _session.ResumeAsync());
                break;
            case 'a':
                (_screen.Draft, _screen.Notice) = (string.Empty, string.Empty);
                break;
            case 'c':
                _isConfirming = true;
                break;
            case 'q':
                HasLeft = true;
                break;
        }
    }

    private void Confirm(ConsoleKeyInfo key)
    {
        _isConfirming = false;
        if (char.ToLowerInvariant(key.KeyChar) == 'y') Send("cancelled", _session.CancelAsync());
    }

    private void Write(string draft, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                _screen.Draft = null;
                if (draft.Trim().Length > 0) Send("said", _session.InputAsync(draft));
                break;
            case ConsoleKey.Escape:
                _screen.Draft = null;
                break;
            case ConsoleKey.Backspace:
                _screen.Draft = draft.Length == 0 ? draft : draft[..^1];
                break;
            default:
                if (!char.IsControl(key.KeyChar)) _screen.Draft = draft + key.KeyChar;
                break;
        }
    }

    // Nobody waits for the answer: it is told when it comes.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever it is, the user is told and goes on.")]
    private async void Send(string done, Task<long> command)
    {
        try
        {
            _screen.Notice = "sent";
            _screen.Notice = $"{done} at #{await command}";
        }
        catch (Exception refusal)
        {
            _screen.Notice = refusal.Message;
        }
    }

    private void Listen()
    {
        while (true) _pressed.Enqueue(Console.ReadKey(intercept: true));
    }
}

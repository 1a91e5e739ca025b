namespace Gateway.Engine;

/// <summary>How many calls each model has under way for all sessions; who finds no place free waits in line.</summary>
/// <param name="most">The calls of one model.</param>
internal sealed class CallPlaces(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Takes a place, or stands in line for one.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="wake">Called once when a place is granted later.</param>
    public CallPlace Ask(string model, Action wake)
    {
        var place = new CallPlace(this, model, wake);
        lock (_gate)
        {
            if (!_lines.TryGetValue(model, out var line)) _lines.Add(model, line = new Line());
            if (line.Taken < most) Grant(line, place);
            else place.Waiting = line.Waiting.AddLast(place);
        }

        return place;
    }

    /// <summary>Gives a place back, or leaves the line.</summary>
    public void Leave(CallPlace place)
    {
        CallPlace? next = null;
        lock (_gate)
        {
            var line = _lines[place.Model];
            if (place.Waiting is { } waiting)
            {
                line.Waiting.Remove(waiting);
                place.Waiting = null;
            }
            else if (place.IsGranted)
            {
                place.IsGranted = false;
                line.Taken--;
                if (line.Taken < most && line.Waiting.First?.Value is { } first)
                {
                    line.Waiting.RemoveFirst();
                    first.Waiting = null;
                    Grant(line, first);
                    next = first;
                }
            }
        }

        next?.Wake();
    }

    /// <summary>Takes a place for a call that is under way already, whether one is free or not.</summary>
    public void Retake(CallPlace place)
    {
        lock (_gate)
        {
            if (!place.IsGranted) Grant(_lines[place.Model], place);
        }
    }

    private static void Grant(Line line, CallPlace place)
    {
        line.Taken++;
        place.IsGranted = true;
    }

    private sealed class Line
    {
        public int Taken { get; set; }

        public LinkedList<CallPlace> Waiting { get; } = [];
    }
}

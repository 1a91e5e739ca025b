namespace Gateway.Log.Sqlite.Connections;

/// <summary>A finished session that is to be deleted.</summary>
internal readonly record struct DoomedSession(long Number, string SessionId);

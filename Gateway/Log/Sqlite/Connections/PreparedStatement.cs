using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>A statement that is prepared once and run many times.</summary>
/// <remarks>
/// Straight on SQLite, beside the provider's command: that boxes and looks up every parameter, which was half of the
/// cost of an append, and answers a locked file by sleeping in steps of 150 ms.
/// </remarks>
internal sealed class PreparedStatement : IDisposable
{
    private const int ShortText = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Require(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Binds the parameter with this number, from 1 (<c>?1</c> in the text).</summary>
    public PreparedStatement Bind(int parameter, long value)
    {
        Require(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public PreparedStatement Bind(int parameter, long? value)
    {
        if (value is { } number) return Bind(parameter, number);
        Require(raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public PreparedStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Require(raw.sqlite3_bind_null(_statement, parameter));
            return this;
        }

        // SQLite copies it.
        Span<byte> utf8 = stackalloc byte[ShortText];
        Require(raw.sqlite3_bind_text(_statement, parameter, Encoding.UTF8.TryGetBytes(value, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(value)));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public PreparedStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Require(raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Run()
    {
        using (Query()) Step();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs it; call <see cref="Step"/> for each row, and dispose what this returns after the last.</summary>
    public Rows Query() => new(this);

    /// <summary>Moves to the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result != raw.SQLITE_DONE) throw Error(result);
        return false;
    }

    /// <summary>A column of the row, from 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc cref="Int64"/>
    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A column of the row, from 0; null when it has no value.</summary>
    public string? TextOrNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : Text(column);

    /// <inheritdoc cref="TextOrNull"/>
    public byte[]? Blob(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Require(int result)
    {
        if (result != raw.SQLITE_OK) throw Error(result);
    }

    private SqliteException Error(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result, raw.sqlite3_extended_errcode(_database));

    /// <summary>The run of a statement; its end makes the statement ready for the next.</summary>
    internal readonly ref struct Rows(PreparedStatement statement)
    {
        // The result repeats the error of the last step, which was thrown already.
        public void Dispose() => raw.sqlite3_reset(statement._statement);
    }
}

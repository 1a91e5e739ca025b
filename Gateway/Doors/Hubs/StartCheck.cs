using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Refusals;
using MessagePack;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Doors.Hubs;

/// <summary>Finds the command in a call, and reads it as the doors do that have its text: one definition, one answer, on every wire.</summary>
internal sealed class StartCheck(CommandText text)
{
    // SignalR ends each JSON message with it.
    private const byte RecordSeparator = 0x1E;

    // The number of SignalR's messages that are calls.
    private const int Invocation = 1;
    private const int ElementsBeforeArguments = 4;

    // Deeper than anything that is taken, so that the check of the text refuses it with the sentence of all doors.
    private const int MaxUnpackedDepth = 500;

    // The text is read at once and goes nowhere else.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a call is a start, whose definition its record does not show as it was sent.</summary>
    public static bool Concerns(string target) => CommandTable.FindHubMethod(target) == CommandTable.StartSession;

    /// <summary>Refuses what its record could not show: half characters, keys of a definition that are misspelt or there twice.</summary>
    /// <param name="message">One message of SignalR's JSON protocol, as it came.</param>
    /// <returns>The start to take in place of the one that SignalR has read, where its definition comes in another format; else null.</returns>
    /// <exception cref="GatewayException"><c>invalid_data</c> or <c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public StartSession? Check(in ReadOnlySequence<byte> message)
    {
        if (!TryFindText(message, out var command, out _)) return null;
        JsonText.Check(command, "command");
        return text.Check(CommandTable.StartSession, command) is null ? null : (StartSession)text.Read(CommandTable.StartSession, command);
    }

    /// <summary>The start that a message of SignalR's JSON protocol holds which SignalR could not bind; null when it is not one argument.</summary>
    /// <exception cref="GatewayException">What is wrong with it.</exception>
    public StartSession? ReadText(in ReadOnlySequence<byte> message) =>
        TryFindText(message, out var command, out var isAlone) && isAlone ? (StartSession)Read(CommandTable.StartSession, command) : null;

    /// <summary>The start that a message of SignalR's MessagePack protocol holds; null when it is not one argument.</summary>
    /// <exception cref="GatewayException">As for a start that comes as text.</exception>
    public StartSession? ReadPacked(in ReadOnlySequence<byte> message) =>
        TryUnpack(message, out var command) ? (StartSession)Read(CommandTable.StartSession, command) : null;

    /// <summary>The call in a JSON message that is nested more deeply than SignalR reads; null when that is not what is wrong with it.</summary>
    public static (string? Id, string Target)? FindDeepCall(in ReadOnlySequence<byte> message)
    {
        ReadOnlySpan<byte> json = message.ToArray();
        if (json is [.. var before, RecordSeparator]) json = before;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var (isCall, isDeep, id, target) = (false, false, default(string), default(string));
        try
        {
            while (reader.Read())
            {
                isDeep |= reader.CurrentDepth >= JsonText.MaxDepth;
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (reader.ValueTextEquals("type"u8)) isCall = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var type) && type == Invocation;
                else if (reader.ValueTextEquals("invocationId"u8)) id = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                else if (reader.ValueTextEquals("target"u8)) target = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It is no JSON, or its words are no text.
            return null;
        }

        return isCall && isDeep && target is not null ? (id, target) : null;
    }

    /// <summary>Says what is wrong with a call that could not be bound, as precisely as the doors that have its text.</summary>
    /// <param name="target">The method.</param>
    /// <param name="format">How the message is written.</param>
    /// <param name="message">The message, as it came.</param>
    /// <exception cref="GatewayException">What is wrong; nothing is thrown where that is not known.</exception>
    public void Explain(string target, TransferFormat format, in ReadOnlySequence<byte> message)
    {
        if (CommandTable.FindHubMethod(target) is not { Data: not null } info) return;
        if (format == TransferFormat.Binary)
        {
            if (TryUnpack(message, out var unpacked)) Read(info, unpacked);
        }
        else if (TryFindText(message, out var command, out var isAlone) && isAlone)
        {
            Read(info, command);
        }
    }

    private object Read(CommandInfo info, ReadOnlySpan<byte> command)
    {
        JsonText.Check(command, "command");
        return text.Read(info, command);
    }

    // The first argument, where it is an object.
    private static bool TryFindText(in ReadOnlySequence<byte> message, out ReadOnlySpan<byte> command, out bool isAlone)
    {
        ReadOnlySpan<byte> json = message.ToArray();
        if (json is [.. var before, RecordSeparator]) json = before;
        command = default;
        isAlone = false;

        // What is too deep is told of the command, not of the message.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isArguments = reader.ValueTextEquals("arguments"u8);
            reader.Read();
            if (!isArguments || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return false;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            command = json[start..(int)reader.BytesConsumed];
            isAlone = reader.Read() && reader.TokenType == JsonTokenType.EndArray;
            return true;
        }

        return false;
    }

    // The only argument as text, where it is a map. The message is one that SignalR has read already.
    private static bool TryUnpack(in ReadOnlySequence<byte> message, out ReadOnlySpan<byte> command)
    {
        command = default;
        var reader = new MessagePackReader(message.Slice(LengthOfPrefix(message)));
        if (reader.ReadArrayHeader() <= ElementsBeforeArguments || reader.ReadInt32() != Invocation) return false;
        for (var i = 1; i < ElementsBeforeArguments; i++) reader.Skip();
        if (reader.ReadArrayHeader() != 1 || reader.NextMessagePackType != MessagePackType.Map) return false;

        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(buffer, s_plain);
            JsonElementFormatter.Transcode(ref reader, json, MaxUnpackedDepth);
        }
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException)
        {
            throw new GatewayException(ErrorCode.InvalidData, $"The command cannot be read: {exception.Message}");
        }

        command = buffer.WrittenSpan;
        return true;
    }

    // A message begins with its length, seven bits a byte.
    private static int LengthOfPrefix(in ReadOnlySequence<byte> message)
    {
        var length = 1;
        foreach (var part in message)
        {
            foreach (var value in part.Span)
            {
                if (value < 0x80) return length;
                length++;
            }
        }

        return length;
    }
}

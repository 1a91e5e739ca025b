using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>How the servers of one provider are asked, and what their answers mean.</summary>
internal interface IProviderApi
{
    /// <summary>Where a question is posted.</summary>
    Uri Address { get; }

    /// <summary>One of the words of <see cref="Network.ThinkTags"/>.</summary>
    string ThinkTags { get; }

    /// <summary>Puts the key, and what the server shall answer with, into the head of a request.</summary>
    void Sign(HttpRequestHeaders headers);

    /// <summary>The question, for an answer that is streamed.</summary>
    /// <param name="messages">What is said, none of it empty.</param>
    /// <param name="options">How to answer.</param>
    JsonObject Body(IReadOnlyList<ChatMessage> messages, ChatOptions? options);

    /// <summary>Takes a member out of a question that the server has refused for it; the question without it is better than none.</summary>
    /// <param name="body">The question.</param>
    /// <param name="refusal">What the server has said, UTF-8.</param>
    /// <returns>Whether it may be asked again at once.</returns>
    bool TryWithout(JsonObject body, ReadOnlySpan<byte> refusal);

    /// <summary>Reads a piece of an answer, in which no error was found.</summary>
    /// <param name="piece">A JSON object.</param>
    /// <param name="isFramed">Whether it came as an event of a stream; else it stood there by itself.</param>
    /// <param name="answer">Takes what the piece says.</param>
    /// <exception cref="UnreadableAnswerException">It is nothing that the provider could mean.</exception>
    /// <exception cref="ProviderStreamException">It says that the answer failed.</exception>
    void Read(JsonElement piece, bool isFramed, Answer answer);
}

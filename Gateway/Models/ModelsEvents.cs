namespace Gateway.Models;

/// <summary>The numbers of this folder's log events, from 2600.</summary>
internal static class ModelsEvents
{
    public const int PricesRead = 2600;
    public const int PricesRefused = 2601;
}

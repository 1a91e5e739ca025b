namespace Gateway.Models;

internal sealed partial class PriceWatch
{
    [LoggerMessage(ModelsEvents.PricesRead, LogLevel.Information, "Read the prices of {Count} models")]
    private partial void LogRead(int count);

    [LoggerMessage(ModelsEvents.PricesRefused, LogLevel.Warning, "A file of prices has changed and cannot be read, so its prices stay as they were: {Problem}")]
    private partial void LogRefused(string problem);
}

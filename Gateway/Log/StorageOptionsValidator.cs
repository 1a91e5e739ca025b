using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Checks <see cref="StorageOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;

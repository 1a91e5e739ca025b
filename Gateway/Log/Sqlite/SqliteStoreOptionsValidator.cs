using Microsoft.Extensions.Options;

namespace Gateway.Log.Sqlite;

/// <summary>Checks <see cref="SqliteStoreOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class SqliteStoreOptionsValidator : IValidateOptions<SqliteStoreOptions>;

namespace Gateway.Tests;

public class Placeholder
{
    [Xunit.Fact]
    public void Builds() => Xunit.Assert.NotNull(typeof(Gateway.Log.ISessionLog));
}

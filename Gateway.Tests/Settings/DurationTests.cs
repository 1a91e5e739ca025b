using System.Globalization;
using Gateway.Settings;
using Xunit;

namespace Gateway.Tests.Settings;

/// <summary>A time in the settings means what a person means by it.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("120", "00:02:00")]
    [InlineData("0", "00:00:00")]
    [InlineData("1.5", "00:00:01.5")]
    [InlineData("30s", "00:00:30")]
    [InlineData("30 S", "00:00:30")]
    [InlineData("10M", "00:10:00")]
    [InlineData("2H", "02:00:00")]
    [InlineData("500MS", "00:00:00.5")]
    [InlineData("7D", "7.00:00:00")]
    [InlineData("922337203685.4775", "10675199.02:48:05.4775")]
    [InlineData("-922337203685.4775807", "-10675199.02:48:05.4775807")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("10m", "00:10:00")]
    [InlineData("24h", "1.00:00:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("00:00:30", "00:00:30")]
    [InlineData("0:0:30.25", "00:00:30.25")]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("36:30:00", "1.12:30:00")]
    [InlineData("2.03:04:05.006", "2.03:04:05.006")]
    [InlineData(" -00:00:01 ", "-00:00:01")]
    public void A_time_is_read(string text, string time)
    {
        Assert.True(Duration.TryParse(text, out var read));
        Assert.Equal(TimeSpan.ParseExact(time, "c", CultureInfo.InvariantCulture), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("10:30")]
    [InlineData("00:00:60")]
    [InlineData("00:60:00")]
    [InlineData("1.24:00:00")]
    [InlineData("PT30S")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("30 seconds")]
    [InlineData("--1")]
    [InlineData("922337203685.4775808")]
    [InlineData("-922337203685.4775808")]
    [InlineData("999999999999")]
    [InlineData("99999999.23:59:59.9999999")]
    [InlineData("999999999999d")]
    public void What_is_no_time_or_could_be_two_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));
}

using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using Pqs.Tests.Commands;

namespace Pqs.Tests.Statistics;

/// <summary><c>pqs run</c> with a range of widths, as users run it.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OverflowCommandTests : IDisposable
{
    private const string Samples = "samples.bin";

    private readonly PqsTool _pqs = new();

    public OverflowCommandTests()
    {
        var bytes = new byte[3 * 128];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_pqs.At(Samples), bytes);
    }

    public void Dispose() => _pqs.Dispose();

    [Test]
    public void The_table_shows_each_layer_at_each_width()
    {
        var text = Count("8..11").Succeeded().Output;
        Assert.That(text.Split('\n').Count(line => line.Contains(" 10 ", StringComparison.Ordinal)), Is.EqualTo(4), text);
        foreach (var part in (string[])["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "persistent %", "3 samples"])
        {
            Assert.That(text, Does.Contain(part));
        }
    }

    [Test]
    public void Json_and_csv_agree_and_are_the_same_each_time()
    {
        var output = Count("8..20", "--json", "--csv", "counts.csv").Succeeded().Output;
        Assert.That(Count("8..20", "--json", "--csv", "again.csv").Succeeded().Output, Is.EqualTo(output));
        Assert.That(File.ReadAllBytes(_pqs.At("again.csv")), Is.EqualTo(File.ReadAllBytes(_pqs.At("counts.csv"))));

        using var json = JsonDocument.Parse(output);
        Assert.That(json.RootElement.GetProperty("samples").GetInt32(), Is.EqualTo(3));
        Assert.That(json.RootElement.GetProperty("bits").EnumerateArray().Select(bits => bits.GetInt32()), Is.EqualTo(Enumerable.Range(8, 13)));
        var layers = json.RootElement.GetProperty("layers").EnumerateArray().ToArray();
        Assert.That(layers.Select(layer => layer.GetProperty("index").GetInt32()), Is.EqualTo(new[] { 0, 1, 2, 8 }));

        var text = File.ReadAllText(_pqs.At("counts.csv"));
        Assert.That(text, Does.EndWith("\n").And.Not.Contain("\r").And.Not.Contain("\ufeff"));
        var rows = text.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToArray();
        Assert.That(rows, Has.All.Length.EqualTo(13));
        Assert.That(rows, Has.Length.EqualTo(1 + (13 * (4 + 4 + 4 + 3))));
        var next = 1;
        foreach (var layer in layers)
        {
            foreach (var (channel, counts) in layer.GetProperty("channels").EnumerateArray().Index())
            {
                for (var width = 0; width < 13; width++)
                {
                    var expected = rows[0][4..].Select(counts.GetProperty).Select(member => member.ValueKind == JsonValueKind.Array ? member[width] : member);
                    var row = rows[next++];
                    Assert.That(row[..4], Is.EqualTo(new[]
                    {
                        Text(layer.GetProperty("index").GetInt32()), layer.GetProperty("operator").GetString(), Text(channel), Text(8 + width),
                    }));
                    Assert.That(row[4..], Is.EqualTo(expected.Select(number => Text(number.GetInt64()))));
                }
            }

            var total = layer.GetProperty("channels").EnumerateArray().Sum(counts => counts.GetProperty("persistent")[0].GetInt64());
            Assert.That(layer.GetProperty("persistent")[0].GetInt64(), Is.EqualTo(total));
        }

        Assert.That(layers.Sum(layer => layer.GetProperty("transientNatural").EnumerateArray().Sum(count => count.GetInt64())), Is.Positive);
    }

    /// <summary>A schedule decides the activations that are counted on.</summary>
    [Test]
    public void A_schedule_is_the_networks_own()
    {
        using var wide = JsonDocument.Parse(Count("8..8", "--json").Succeeded().Output);
        using var narrow = JsonDocument.Parse(Count("8..8", "--json", "--layer", "*=8/natural").Output);
        Assert.That(First(narrow).GetProperty("schedule").GetString(), Is.EqualTo("natural"));
        Assert.That(First(narrow).GetProperty("persistent").ToString(), Is.EqualTo(First(wide).GetProperty("persistent").ToString()));
        Assert.That(narrow.RootElement.GetProperty("layers").ToString(), Is.Not.EqualTo(wide.RootElement.GetProperty("layers").ToString()));

        static JsonElement First(JsonDocument document) => document.RootElement.GetProperty("layers")[0];
    }

    [TestCase("20..10")]
    [TestCase("7..12")]
    [TestCase("8..33")]
    [TestCase("..")]
    [TestCase("8..")]
    [TestCase("8...10")]
    [TestCase("8..9..10")]
    [TestCase("a..b")]
    [TestCase("-8..10")]
    [TestCase("8..99999999999")]
    public void A_range_that_is_none_is_refused(string range) => Assert.That(Count(range).Failed(3).Ids, Is.EqualTo(new[] { "PQS0802" }));

    [TestCase("inspect")]
    [TestCase("generate", "--target", "host", "--output", "out")]
    public void Other_commands_take_one_width(string command, params string[] more) =>
        Assert.That(_pqs.Run([command, PqsTool.Model, "--accumulator-bits", "8..12", .. more]).Failed(3).Ids, Is.EqualTo(new[] { "PQS0408" }));

    [TestCase("--csv", "counts.csv")]
    [TestCase("--csv", "counts.csv", "--accumulator-bits", "12")]
    [TestCase("--accumulator-bits", "8..12", "--output", "out.bin")]
    [TestCase("--accumulator-bits", "8..12", "--layers", "layers")]
    [TestCase("--accumulator-bits", "8..12", "--labels", "labels.npy")]
    public void Options_that_do_not_go_together_are_wrong_usage(params string[] options)
    {
        _pqs.Run(["run", PqsTool.Model, "--inputs", Samples, .. options]).Failed(2);
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model, Samples }));
    }

    [Test]
    public void What_cannot_be_written_is_refused() =>
        Assert.That(Count("8..12", "--csv", "/proc/pqs/counts.csv").Failed(3).Ids, Is.EqualTo(new[] { "PQS0402" }));

    private ToolResult Count(string range, params string[] more) =>
        _pqs.Run(["run", PqsTool.Model, "--inputs", Samples, "--accumulator-bits", range, .. more]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

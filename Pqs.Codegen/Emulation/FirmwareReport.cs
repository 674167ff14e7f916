using System.Collections.Immutable;
using System.Globalization;

namespace Pqs.Codegen.Emulation;

/// <summary>The report.txt of one run of the verification program.</summary>
/// <param name="CalibrationTicks">Ticks of a loop of <see cref="CalibrationInstructions"/> instructions; null on the host.</param>
/// <param name="Samples">In order, from sample 0.</param>
/// <param name="StackBytes">The most stack that any call used; null on the host.</param>
/// <param name="Fault">The fault that ended the run, if one did.</param>
/// <param name="SamplesDone">The number of samples, written when all went well; null when the run ended before.</param>
/// <param name="IgnoredLines">Lines that make no sense. A run that was cut short may leave one.</param>
public sealed record FirmwareReport(
    long? CalibrationTicks,
    ImmutableArray<SampleReport> Samples,
    long? StackBytes,
    FaultReport? Fault,
    long? SamplesDone,
    int IgnoredLines)
{
    public const int CalibrationInstructions = 200_000;

    public static FirmwareReport Empty { get; } = new(null, [], null, null, null, 0);

    /// <summary>The run reached its end, and everything that it says it did is in the report.</summary>
    public bool IsComplete => Fault is null && SamplesDone == Samples.Length && Samples.All(sample => sample.InvokeTicks is not null);

    /// <summary>Reads any text; what is not part of a report is counted and left out.</summary>
    public static FirmwareReport Parse(string text)
    {
        var report = Empty;
        var samples = ImmutableArray.CreateBuilder<SampleReport>();
        var lines = text.Split('\n');

        // A line that the run did not finish has no end, and what is there of its number may be another number.
        foreach (var line in lines.AsSpan(0, lines.Length - 1))
        {
            var next = ParseLine(line.Split(' '), report, samples);
            report = next ?? report with { IgnoredLines = report.IgnoredLines + 1 };
        }

        return report with
        {
            Samples = samples.ToImmutable(),
            IgnoredLines = report.IgnoredLines + (lines[^1].Length > 0 ? 1 : 0),
        };
    }

    /// <summary>Null when the line makes no sense where it stands.</summary>
    private static FirmwareReport? ParseLine(string[] words, FirmwareReport report, ImmutableArray<SampleReport>.Builder samples)
    {
        switch (words)
        {
            case ["calibration", var ticks] when report.CalibrationTicks is null && Number(ticks) is { } value:
                return report with { CalibrationTicks = value };

            case ["stack", var bytes] when report.StackBytes is null && Number(bytes) is { } value:
                return report with { StackBytes = value };

            case ["done", var count] when report.SamplesDone is null && Number(count) is { } value:
                return report with { SamplesDone = value };

            case ["fault", var kind, var pc, var lr, var cfsr] when report.Fault is null
                && kind.Length is > 0 and <= 32
                && kind.All(char.IsAsciiLetterLower)
                && Register(pc, "pc=0x") is { } programCounter
                && Register(lr, "lr=0x") is { } linkRegister
                && Register(cfsr, "cfsr=0x") is { } status:
                return report with { Fault = new FaultReport(kind, programCounter, linkRegister, status) };

            case ["layer", var sample, var index, var ticks] when Current(sample, samples) is { InvokeTicks: null } current
                && Number(index) == current.LayerTicks.Length
                && Number(ticks) is { } value:
                return Set(sample, current with { LayerTicks = current.LayerTicks.Add(value) });

            case ["invoke", var sample, var ticks] when Current(sample, samples) is { InvokeTicks: null } current
                && Number(ticks) is { } value:
                return Set(sample, current with { InvokeTicks = value });

            case ["status", var sample, var code] when Current(sample, samples) is { InvokeTicks: null } current
                && Number(code) is > 0 and <= int.MaxValue and { } value:
                return Set(sample, current with { Status = (int)value });

            default:
                return null;
        }

        FirmwareReport Set(string sample, SampleReport changed)
        {
            if (Number(sample) == samples.Count)
            {
                samples.Add(changed);
            }
            else
            {
                samples[^1] = changed;
            }

            return report;
        }
    }

    /// <summary>The sample that a line may speak of: the last one, or the one after it. Null for any other.</summary>
    private static SampleReport? Current(string sample, ImmutableArray<SampleReport>.Builder samples)
    {
        var number = Number(sample);
        return number == samples.Count ? SampleReport.Empty : number == samples.Count - 1 ? samples[^1] : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static uint? Register(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal)
        && uint.TryParse(text.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}

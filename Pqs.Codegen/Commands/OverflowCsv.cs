using System.Globalization;
using System.Text;
using Pqs.Codegen.Statistics;

namespace Pqs.Codegen.Commands;

/// <summary>What overflows in each channel of each layer at each width, as comma-separated values with a line of names first.</summary>
internal static class OverflowCsv
{
    public static string Format(OverflowStatistics statistics)
    {
        var text = new StringBuilder(
            "layer,operator,channel,bits,dotProducts,persistent,transientNatural,transientOneRound,transientSorted,"
            + "sumMinimum,sumMaximum,worstMinimum,worstMaximum\n");
        foreach (var layer in statistics.Layers)
        {
            foreach (var (channel, summary) in layer.Channels.Index())
            {
                var bounds = layer.Step.Bounds[channel];
                foreach (var (width, counts) in statistics.Widths.All.Zip(summary.ByWidth))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{layer.Position},{layer.Step.Node.Operator.Name},{channel},{width},{summary.DotProducts},");
                    text.Append(CultureInfo.InvariantCulture, $"{counts.Persistent},{counts.Natural},{counts.OneRound},{counts.Sorted},");
                    text.Append(CultureInfo.InvariantCulture, $"{summary.SumMinimum},{summary.SumMaximum},{bounds.SumMinimum},{bounds.SumMaximum}\n");
                }
            }
        }

        return text.ToString();
    }
}

namespace Pqs.Reference.Model;

/// <summary>In which order partial products meet the accumulator (docs/numerics.md, "Schedules").</summary>
public enum Schedule
{
    /// <summary>Left to right, each addition saturating at the accumulator's width.</summary>
    Natural,

    /// <summary>Left to right in a 32-bit accumulator; the meaning of an imported int8 model.</summary>
    Wide,
}

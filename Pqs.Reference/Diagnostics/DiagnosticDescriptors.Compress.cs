namespace Pqs.Reference.Diagnostics;

/// <summary>PQS09xx: compression.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor PruningPatternInvalid = new(
        "PQS0901", Severity.Error, "{0} is no pruning pattern", "Write N:M, or N:MxG for a pattern that G channels share; N is 1 to M, M at most 32.");

    public static readonly DiagnosticDescriptor WeightBitsInvalid = new(
        "PQS0902", Severity.Error, "weights of {0} bits are not possible", "Give 2 to 8.");

    public static readonly DiagnosticDescriptor LayerRequestMalformed = new(
        "PQS0903", Severity.Error, "{0} does not say what is to become of which layers", "Write PATTERN=VALUE; the pattern is a layer's number, its operator, or its output's name, with * and ?.");

    public static readonly DiagnosticDescriptor CalibrationConstant = new(
        "PQS0904", Severity.Warning, "all {0} samples are equal", "Ranges and errors are measured on these data; give samples as they occur in use.");

    public static readonly DiagnosticDescriptor CalibrationTooLarge = new(
        "PQS0905", Severity.Error, "{0} samples need {1} MiB of memory for this model; the limit is {2} MiB", "Use fewer: --samples {3}.");

    public static readonly DiagnosticDescriptor OutputsNotFinite = new(
        "PQS0906", Severity.Error, "the float model computes {0} for sample {1}", "Check weights and data; sums may exceed single precision.");

    public static readonly DiagnosticDescriptor ChannelsDead = new(
        "PQS0907", Severity.Warning, "{0} of {1} channels are 0 for every sample", "A ReLU that never lets anything through costs memory and time for nothing; check the training, and that the data are scaled as the model expects.");

    public static readonly DiagnosticDescriptor ChannelsConstant = new(
        "PQS0908", Severity.Warning, "{0} of {1} channels have one value for every sample", "Their weights cannot be fitted to these data; check that the samples vary and are scaled as the model expects.");

    public static readonly DiagnosticDescriptor WeightsAllZero = new(
        "PQS0909", Severity.Warning, "{0} of {1} channels have no weight other than 0", "They compute a constant; check the training.");

    public static readonly DiagnosticDescriptor AccumulatorHoldsNothing = new(
        "PQS0910", Severity.Error, "{0} of {1} channels have no weight left that is proven to fit {2} accumulator bits", "Give more accumulator bits or fewer activation bits, or --guarantee observed.");

    public static readonly DiagnosticDescriptor TooManyProducts = new(
        "PQS0911", Severity.Error, "{0} products for each output are too many to fit weights to data; the limit is {1}", "Split the layer, or shrink its input before it.");

    public static readonly DiagnosticDescriptor StepUnknown = new(
        "PQS0912", Severity.Error, "{0} is no step of compression", "Leave out any of equalization, reconstruction, error-feedback, scale-search, bias-correction, propagation, or all.");

    public static readonly DiagnosticDescriptor DropNotReached = new(
        "PQS0913", Severity.Error, "no accumulator keeps the accuracy within {0:0.##} points of the float model: at {1} bits it falls by {2:0.##}",
        "Allow a greater drop with --max-accuracy-drop, prune less, or give weights more bits.");

    public static readonly DiagnosticDescriptor BudgetNotMet = new(
        "PQS0914", Severity.Error, "the budget of {0} {1} cannot be met; the least possible is {2}",
        "Raise the budget, or allow more with --prune, --prune-layer, --weight-bits and --weight-bits-layer.");
}

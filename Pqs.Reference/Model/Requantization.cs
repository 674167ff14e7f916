namespace Pqs.Reference.Model;

/// <summary>A fixed-point factor Multiplier · 2^(Shift − 31).</summary>
/// <param name="Multiplier">Q31 in [2^30, 2^31), or 0 with shift 0 where the real factor is below 2^-32.</param>
/// <param name="Shift">-31..30; negative shifts to the right.</param>
public readonly record struct Requantization(int Multiplier, int Shift);

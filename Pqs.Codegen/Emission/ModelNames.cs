using System.Globalization;

namespace Pqs.Codegen.Emission;

/// <summary>The C names of a generated model.</summary>
internal sealed record ModelNames(string Prefix)
{
    public string Upper { get; } = Prefix.ToUpperInvariant();

    public string Layer(int step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}_layer_{step}");

    public string Table(int step, string role) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}_layer_{step}_{role}");
}

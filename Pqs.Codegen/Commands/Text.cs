using System.Globalization;

namespace Pqs.Codegen.Commands;

/// <summary>How numbers look in tables.</summary>
internal static class Text
{
    /// <summary>Digits in groups of three, for example 12,501,632.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(long? value) => value is { } number ? Number(number) : "-";

    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

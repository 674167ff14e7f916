using System.CommandLine;
using System.Globalization;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The bits of multipliers that <c>pqs compress</c> is to give a model.</summary>
internal sealed class MultiplierOption
{
    private readonly Option<string?> _bits = new("--multiplier-bits")
    {
        Description = "Bits of the multipliers that turn sums into outputs, 31, or 15, which cost cores without a long multiplication less "
            + "[default: 31; with --from-quantized the model's].",
        HelpName = "bits",
    };

    public MultiplierOption() => _bits.AcceptOnlyFromAmong(Text(MultiplierBits.Short), Text(MultiplierBits.Long));

    public void AddTo(Command command) => command.Options.Add(_bits);

    /// <summary>15 or 31; null where nothing is asked for.</summary>
    public int? Read(ParseResult result) => result.GetValue(_bits) is { } bits ? int.Parse(bits, CultureInfo.InvariantCulture) : null;

    private static string Text(int bits) => bits.ToString(CultureInfo.InvariantCulture);
}

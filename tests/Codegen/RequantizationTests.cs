using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>The interpreter's and the kernels' requantization against exact integers, on the host and with each core's own instructions.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RequantizationTests
{
    /// <summary>Few enough that a block of them fits the smallest machine's RAM.</summary>
    private const int CasesPerSample = 256;

    private const string Function = """
        #include "pqs_requantize.h"

        /* All ways to the output of a sum; another value where they do not agree. */
        static int32_t output_of(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
        {
            const int32_t output = pqs_requantize(sum, multiplier, shift, zero_point, rounding);
            if ((multiplier & 0xFFFF) != 0 || !pqs_shifts_right(shift, rounding)) {
                return output;
            }
            const int32_t factor = pqs_short_factor(multiplier, rounding);
            if (pqs_requantize_short(sum, factor, shift, zero_point, rounding) != output) {
                return ~output;
            }
            if (!pqs_shifts_moderately(shift, rounding) || sum <= -(3 << 27) || sum >= 3 << 27) {
                return output;
            }
            const pqs_moderate_factors factors = pqs_make_moderate_factors(factor, shift, zero_point, rounding);
            return pqs_requantize_moderate_short(sum, &factors, rounding) == output ? output : ~output;
        }

        static int8_t requantize(const int8_t *record)
        {
            int32_t field[5];
            memcpy(field, record, sizeof field);
            return (int8_t)(field[4] != 0
                ? output_of(field[0], field[1], field[2], field[3], PQS_ROUNDING_SINGLE)
                : output_of(field[0], field[1], field[2], field[3], PQS_ROUNDING_DOUBLE));
        }

        """;

    private const string HostProgram = """
        #include <stdio.h>

        int main(void)
        {
            int8_t record[20];
            while (fread(record, sizeof record, 1, stdin) == 1) {
                fputc(requantize(record), stdout);
            }
            return 0;
        }

        """;

    private const string Header = """
        #include "pqs_kernels.h"
        pqs_status m_invoke(const int8_t *input, int8_t *output);
        #define CASES 256
        #define HARNESS_ARENA_SIZE 0
        #define HARNESS_ARENA_ALIGNMENT 4
        #define HARNESS_INPUT_BYTES (20 * CASES)
        #define HARNESS_OUTPUT_BYTES CASES
        #define HARNESS_LAYER_COUNT 1
        #define HARNESS_INVOKE(arena, in, out) m_invoke((in), (out))

        """;

    private const string Model = """
        #include "harness_model.h"

        pqs_status m_invoke(const int8_t *input, int8_t *output)
        {
            for (int i = 0; i < CASES; i++) {
                output[i] = requantize(input + 20 * i);
            }
            PQS_LAYER_DONE(0, output, CASES);
            return PQS_OK;
        }

        """;

    private static string Kernel => Path.Combine(HostKernels.SourceFolder, "pqs_requantize.c");

    private static readonly Lazy<(ImmutableArray<RequantizationCase> Cases, sbyte[] Expected)> Many = new(() => Compute(50));

    private static readonly Lazy<(ImmutableArray<RequantizationCase> Cases, sbyte[] Expected)> Few = new(() => Compute(4));

    public static IEnumerable<string> Microcontrollers =>
        TargetCatalog.Names(Installation.TargetsFolder).Where(name => name != "host");

    [Test]
    public void The_interpreter_gives_the_exact_result()
    {
        var actual = Many.Value.Cases.Select(c => (sbyte)Math.Clamp(
            (long)FixedPoint.Requantize(c.Value, new Requantization(c.Multiplier, c.Shift), c.IsSingle ? Rounding.Single : Rounding.Double) + c.ZeroPoint,
            sbyte.MinValue,
            sbyte.MaxValue));

        AssertEqual(Many.Value, [.. actual]);
    }

    [Test]
    public void A_kernel_on_the_host_gives_the_exact_result(
        [Values("gcc", "clang-16")] string compiler, [ValueSource(typeof(KernelTier), nameof(KernelTier.All))] KernelTier tier)
    {
        Tools.Require(compiler);
        using var folder = new TemporaryFolder();
        folder.Write("requantize.c", Function + HostProgram);
        File.WriteAllBytes(Path.Combine(folder.Path, "cases.bin"), Bytes(Many.Value.Cases));
        ToolCall.Succeed(
            folder.Path, compiler, [.. HostKernels.Flags, .. tier.Flags, "-I" + HostKernels.SourceFolder, "-o", "requantize", "requantize.c", Kernel]);
        ToolCall.Succeed(folder.Path, "sh", "-c", "./requantize < cases.bin > results.bin");

        AssertEqual(Many.Value, Results(Path.Combine(folder.Path, "results.bin")));
    }

    [TestCaseSource(nameof(Microcontrollers))]
    public async Task A_kernel_on_a_chip_gives_the_exact_result(string targetName)
    {
        Tools.Require("arm-none-eabi-gcc", Qemu.Tool);
        using var folder = new TemporaryFolder();
        var diagnostics = new DiagnosticBag();
        var target = TargetCatalog.Load(Installation.TargetsFolder, targetName, diagnostics)!;
        folder.Write("harness_model.h", Header);
        var request = new BuildRequest(
            target,
            [
                Path.Combine(Installation.HarnessFolder, "harness.c"),
                Path.Combine(Installation.HarnessFolder, "platform_cortex_m.c"),
                folder.Write("requantize.c", Function + Model),
                Kernel,
            ],
            [Installation.HarnessFolder, HostKernels.SourceFolder, folder.Path],
            ["PQS_CONFIG_HEADER=\"harness_config.h\""],
            Path.Combine(folder.Path, "build"));
        var image = await FirmwareBuilder.BuildAsync(request, diagnostics);
        Assert.That(diagnostics.Lines(), Is.Empty);

        var bytes = Bytes(Few.Value.Cases);
        Array.Resize(ref bytes, (bytes.Length + (20 * CasesPerSample) - 1) / (20 * CasesPerSample) * 20 * CasesPerSample);
        File.WriteAllBytes(Path.Combine(folder.Path, RunFolder.Inputs), bytes);
        await Qemu.RunAsync(target, image!, folder.Path, TimeSpan.FromMinutes(2), diagnostics);
        Assert.That(diagnostics.Lines(), Is.Empty);

        AssertEqual(Few.Value, Results(Path.Combine(folder.Path, RunFolder.Outputs))[..Few.Value.Cases.Length]);
    }

    private static (ImmutableArray<RequantizationCase> Cases, sbyte[] Expected) Compute(int random)
    {
        ImmutableArray<RequantizationCase> cases = [.. RequantizationCase.All(random)];
        return (cases, [.. cases.AsParallel().AsOrdered().Select(c => c.Expected())]);
    }

    private static byte[] Bytes(ImmutableArray<RequantizationCase> cases) =>
        MemoryMarshal.AsBytes<int>([.. cases.SelectMany(c => c.Fields)]).ToArray();

    private static sbyte[] Results(string path) => [.. File.ReadAllBytes(path).Select(value => (sbyte)value)];

    private static void AssertEqual((ImmutableArray<RequantizationCase> Cases, sbyte[] Expected) known, sbyte[] actual)
    {
        Assert.That(actual, Has.Length.EqualTo(known.Expected.Length));
        var difference = actual.AsSpan().CommonPrefixLength(known.Expected);
        Assert.That(
            difference,
            Is.EqualTo(known.Expected.Length),
            () => $"{known.Cases[difference]} gives {actual[difference]}, exactly {known.Expected[difference]}");
    }
}

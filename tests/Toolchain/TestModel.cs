using Pqs.Codegen.Emulation;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

/// <summary>A hand-written stand-in for a generated model, and the verification program around it.</summary>
internal static class TestModel
{
    public const int Samples = 3;

    private const string Header = """
        #include <stddef.h>
        #include <stdint.h>
        #include PQS_CONFIG_HEADER
        typedef enum { PQS_OK = 0, PQS_ERROR_NULL_POINTER = 1, PQS_ERROR_ALIGNMENT = 2 } pqs_status;
        pqs_status m_invoke(void *arena, const int8_t *input_0, int8_t *output_0);
        #ifndef ARENA_SIZE
        #define ARENA_SIZE 64
        #endif
        #define HARNESS_ARENA_SIZE ARENA_SIZE
        #define HARNESS_ARENA_ALIGNMENT 4
        #define HARNESS_INPUT_BYTES 16
        #define HARNESS_OUTPUT_BYTES 16
        #define HARNESS_LAYER_COUNT 2
        #define HARNESS_INVOKE(arena, in, out) m_invoke(arena, (in) + 0, (out) + 0)

        """;

    /// <summary>Copies its input, then divides in 64 bits, for which every Cortex-M needs the compiler's library.</summary>
    private const string Source = """
        #include "harness_model.h"
        #include <string.h>

        extern const int8_t m_weights[512];
        const int8_t m_weights[512] = {1, 2, 3};

        pqs_status m_invoke(void *arena, const int8_t *input_0, int8_t *output_0)
        {
            int8_t *layer = (int8_t *)arena;
            memcpy(layer, input_0, 16);
            PQS_LAYER_DONE(0, layer, 16);
        #ifdef FAULT
            __builtin_trap();
        #endif
        #ifdef HANG
            for (;;) {
                __asm__ volatile("");
            }
        #endif
        #ifdef REFUSE
            return PQS_ERROR_ALIGNMENT;
        #endif
        #ifdef OVERREAD
            output_0[0] = input_0[OVERREAD];
        #endif
        #ifdef WRONG_SYNTAX
            this is no C;
        #endif
            int64_t sum = 100000;
            for (size_t i = 0; i < 16; ++i) {
                sum = sum * 31 / (layer[i] | 1);
                output_0[i] = m_weights[(size_t)(sum & 511)];
            }
            PQS_LAYER_DONE(1, output_0, 16);
            return PQS_OK;
        }

        """;

    /// <summary>What to build in a folder, with the given macros.</summary>
    public static BuildRequest Request(TemporaryFolder folder, string targetName, params string[] definitions)
    {
        var diagnostics = new DiagnosticBag();
        var target = TargetCatalog.Load(Installation.TargetsFolder, targetName, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
        folder.Write("harness_model.h", Header);
        folder.Write(Path.Combine("run", RunFolder.Inputs), string.Concat(Enumerable.Repeat("0123456789abcdef", Samples)));
        return new BuildRequest(
            target,
            [
                Path.Combine(Installation.HarnessFolder, "harness.c"),
                Path.Combine(Installation.HarnessFolder, target.IsHost ? "platform_host.c" : "platform_cortex_m.c"),
                folder.Write("m.c", Source),
            ],
            [Installation.HarnessFolder, folder.Path],
            ["PQS_CONFIG_HEADER=\"harness_config.h\"", .. definitions],
            Path.Combine(folder.Path, "build"));
    }

    public static string RunPath(TemporaryFolder folder) => Path.Combine(folder.Path, "run");
}

using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Verification;
using Pqs.Reference.Model;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Generated models as parts of one program: beside each other, inside each other, and called wrongly.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class LinkedModelsTests
{
    /// <summary>Two models share the files of the kernels, of which each brings some. While one runs, each of its layers runs two instances of the other in arenas of their own.</summary>
    [TestCase("gcc")]
    [TestCase("clang-16")]
    public void Instances_and_models_do_not_disturb_each_other(string compiler)
    {
        Tools.Require(compiler);
        using var folder = new GeneratedFolder();
        Graph[] graphs = [Graphs.Import(EveryLayer.Create()), NarrowNetworks.Narrow(Graphs.Import(OtherModel()), 1)];
        var expectations = graphs.Select(graph => Expectation.Compute(graph, ModelCase.Of(graph).Samples)).ToArray();
        folder.Add(graphs[0], "first");
        folder.Add(graphs[1], "second");
        folder.Write("hook.h", "void layer_done(int index);\n#define PQS_LAYER_DONE(index, data, size) layer_done(index)\n");
        folder.Write("data.h", string.Concat(expectations.Index().Select(entry => Data(entry.Index == 0 ? "first" : "second", entry.Item))));
        folder.Write(
            "main.c",
            """
            #include "first.h"
            #include "second.h"
            #include "data.h"
            #include <stdlib.h>
            #include <string.h>

            _Alignas(FIRST_ARENA_ALIGNMENT) static int8_t first_arena[FIRST_ARENA_SIZE];
            _Alignas(SECOND_ARENA_ALIGNMENT) static int8_t second_arena[2][SECOND_ARENA_SIZE];
            static int depth, layers, sample;

            static void run_second(int instance, int number)
            {
                int8_t out[SECOND_OUTPUT_0_SIZE];
                memset(second_arena[instance], instance, SECOND_ARENA_SIZE);
                if (second_invoke(second_arena[instance], second_inputs[number], out) != PQS_OK || memcmp(out, second_outputs[number], sizeof out) != 0) {
                    exit(2);
                }
            }

            void layer_done(int index)
            {
                (void)index;
                layers++;
                if (depth < 2) {
                    depth++;
                    run_second(depth - 1, (sample + depth) % SAMPLES);
                    depth--;
                }
            }

            int main(void)
            {
                for (sample = 0; sample < SAMPLES; sample++) {
                    int8_t out[FIRST_OUTPUT_0_SIZE + FIRST_OUTPUT_1_SIZE];
                    layers = 0;
                    if (first_invoke(first_arena, first_inputs[sample], out, out + FIRST_OUTPUT_0_SIZE) != PQS_OK
                        || memcmp(out, first_outputs[sample], sizeof out) != 0) {
                        exit(1);
                    }
                    if (layers != FIRST_LAYER_COUNT * (1 + SECOND_LAYER_COUNT * (1 + SECOND_LAYER_COUNT))) {
                        exit(3);
                    }
                }
                return 0;
            }

            """);

        folder.Run(
            compiler,
            ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I.",
            "-DPQS_CONFIG_HEADER=\"hook.h\"", "-o", "program", .. folder.CFiles]);
        folder.Run(Path.Combine(folder.Path, "program"));
    }

    [Test]
    public void A_call_with_a_null_pointer_or_a_misaligned_arena_writes_nothing()
    {
        Tools.Require("gcc");
        using var folder = new GeneratedFolder();
        folder.Add(Graphs.Import(EveryLayer.Create()), "m");
        folder.Write(
            "main.c",
            """
            #include "m.h"
            #include <stdio.h>
            #include <string.h>

            typedef struct {
                _Alignas(16) int8_t arena[M_ARENA_SIZE + 16];
                int8_t input[M_INPUT_0_SIZE];
                int8_t output0[M_OUTPUT_0_SIZE];
                int8_t output1[M_OUTPUT_1_SIZE];
            } memory;

            static memory now, before;

            static int wrong(pqs_status status, pqs_status expected, int line)
            {
                if (status != expected || memcmp(&now, &before, sizeof now) != 0) {
                    printf("line %d: status %d\n", line, (int)status);
                    return 1;
                }
                return 0;
            }

            #define CHECK(expected, arena, input, output0, output1) wrongs += wrong(m_invoke(arena, input, output0, output1), expected, __LINE__)

            int main(void)
            {
                int wrongs = 0;
                memset(&now, 0x77, sizeof now);
                before = now;
                CHECK(PQS_ERROR_NULL_POINTER, NULL, now.input, now.output0, now.output1);
                CHECK(PQS_ERROR_NULL_POINTER, now.arena, NULL, now.output0, now.output1);
                CHECK(PQS_ERROR_NULL_POINTER, now.arena, now.input, NULL, now.output1);
                CHECK(PQS_ERROR_NULL_POINTER, now.arena, now.input, now.output0, NULL);
                CHECK(PQS_ERROR_NULL_POINTER, now.arena + 1, now.input, NULL, now.output1);
                CHECK(PQS_ERROR_ALIGNMENT, now.arena + 1, now.input, now.output0, now.output1);
                CHECK(PQS_ERROR_ALIGNMENT, now.arena + 2, now.input, now.output0, now.output1);
                CHECK(PQS_ERROR_ALIGNMENT, now.arena + 3, now.input, now.output0, now.output1);
                if (m_invoke(now.arena + M_ARENA_ALIGNMENT, now.input, now.output0, now.output1) != PQS_OK || memcmp(&now, &before, sizeof now) == 0) {
                    puts("a right call does nothing");
                    wrongs++;
                }
                return wrongs;
            }

            """);

        folder.Run("gcc", ["-std=c11", "-O1", "-fsanitize=address,undefined", "-o", "program", .. folder.CFiles]);
        folder.Run(Path.Combine(folder.Path, "program"));
    }

    private static ModelBuilder OtherModel()
    {
        var dice = new Dice(new PCG(1, 2));
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 5, 5, 3], 1, 4);
        var convolved = builder.Conv2D(input, Graphs.Filter(dice, 2, 2, 5, 12), new Result(1, 0));
        return builder.Output(builder.Softmax(builder.FullyConnected(convolved, Graphs.Filter(dice, 1, 1, 4, 80), new Result(1f / 16, 0))));
    }

    /// <summary>Inputs and right outputs as C arrays.</summary>
    private static string Data(string prefix, Expectation expectation) =>
        $"#undef SAMPLES\n#define SAMPLES {expectation.Samples.Length}\n"
        + Array($"{prefix}_inputs", expectation.Samples) + Array($"{prefix}_outputs", expectation.Outputs);

    private static string Array(string name, IReadOnlyList<sbyte[]> rows) =>
        $"static const int8_t {name}[{rows.Count}][{rows[0].Length}] = {{\n{string.Concat(rows.Select(row => $"{{{string.Join(',', row)}}},\n"))}}};\n";
}

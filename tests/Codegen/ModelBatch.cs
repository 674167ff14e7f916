using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>
/// Many networks in one program, so that a compiler is called once for all of them. The program runs each on its samples and writes what every
/// layer computed. Inputs and outputs are blocks of their own at odd addresses, arenas at the alignment promised and no better.
/// </summary>
internal static class ModelBatch
{
    private const string Config = """
        #include <stddef.h>
        #include <stdint.h>
        void batch_layer_done(const int8_t *data, size_t size);
        #define PQS_LAYER_DONE(index, data, size) batch_layer_done((data), (size))

        """;

    private const string Main = """
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>

        #define CHECK(condition) do { if (!(condition)) { fprintf(stderr, "%s\n", #condition); exit(3); } } while (0)

        typedef struct {
            int samples;
            size_t arena_size;
            size_t alignment;
            int input_count;
            int output_count;
            const size_t *sizes;
            int (*invoke)(void *arena, int8_t **tensors);
        } model;

        extern const model models[];
        extern const int model_count;

        static FILE *trace;

        void batch_layer_done(const int8_t *data, size_t size);

        void batch_layer_done(const int8_t *data, size_t size)
        {
            CHECK(fwrite(data, 1, size, trace) == size);
        }

        static void run(const model *m, FILE *inputs)
        {
            int8_t *tensors[64];
            int8_t *copies[64];
            const int count = m->input_count + m->output_count;
            CHECK(count <= 64);
            int8_t *block = malloc(m->arena_size + 2 * m->alignment);
            int8_t *arena = block + m->alignment - (uintptr_t)block % m->alignment;
            arena += (uintptr_t)arena % (2 * m->alignment) == 0 ? m->alignment : 0;
            int8_t *end = arena + m->arena_size;
            memset(block, 0x5A, m->arena_size + 2 * m->alignment);
            memset(arena, 0xA5, m->arena_size);
            for (int i = 0; i < count; i++) {
                tensors[i] = (int8_t *)malloc(m->sizes[i] + 1) + 1;
                copies[i] = malloc(m->sizes[i]);
                memset(tensors[i] - 1, 0xA5, m->sizes[i] + 1);
                if (i < m->input_count) {
                    CHECK(fread(tensors[i], 1, m->sizes[i], inputs) == m->sizes[i]);
                    memcpy(copies[i], tensors[i], m->sizes[i]);
                }
            }
            CHECK(m->invoke(arena, tensors) == 0);
            while (end < block + m->arena_size + 2 * m->alignment) {
                CHECK(*end++ == 0x5A);
            }
            for (int i = 0; i < count; i++) {
                CHECK(tensors[i][-1] == (int8_t)0xA5);
                if (i < m->input_count) {
                    CHECK(memcmp(copies[i], tensors[i], m->sizes[i]) == 0);
                } else {
                    batch_layer_done(tensors[i], m->sizes[i]);
                }
                free(tensors[i] - 1);
                free(copies[i]);
            }
            free(block);
        }

        int main(void)
        {
            FILE *inputs = fopen("inputs.bin", "rb");
            trace = fopen("trace.bin", "wb");
            CHECK(inputs != NULL && trace != NULL);
            for (int i = 0; i < model_count; i++) {
                for (int sample = 0; sample < models[i].samples; sample++) {
                    run(&models[i], inputs);
                }
            }
            CHECK(fgetc(inputs) == EOF);
            CHECK(fclose(inputs) == 0 && fclose(trace) == 0);
            return 0;
        }

        """;

    /// <summary>Fails where a network's C differs from the interpreter, with the network's description.</summary>
    public static void Check(string compiler, ImmutableArray<ModelCase> cases, params ImmutableArray<KernelTier> tiers)
    {
        using var folder = new TemporaryFolder();
        var expectations = cases.AsParallel().AsOrdered().Select(c => Expectation.Compute(c.Graph, c.Samples)).ToArray();
        Write(folder, cases);
        File.WriteAllBytes(Path.Combine(folder.Path, "inputs.bin"), [.. expectations.SelectMany(e => e.InputBytes())]);
        ToolCall.Succeed(folder.Path, compiler, [.. HostKernels.Flags, "-DPQS_CONFIG_HEADER=\"batch.h\"", "-I.", "-c", "models.c", "main.c"]);
        foreach (var tier in tiers)
        {
            ToolCall.Succeed(
                folder.Path, compiler, [.. HostKernels.Flags, "-o", "program", "models.o", "main.o", HostKernels.Archive(compiler, tier)]);
            ToolCall.Succeed(folder.Path, Path.Combine(folder.Path, "program"));
            Compare($"{compiler}, {tier}", cases, expectations, File.ReadAllBytes(Path.Combine(folder.Path, "trace.bin")));
        }
    }

    public static ExecutionPlan Plan(Graph graph, PlanOptions? options = null, CostTable? costs = null)
    {
        var diagnostics = new DiagnosticBag();
        return Planner.Plan(graph, diagnostics, options, costs) ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    private static void Write(TemporaryFolder folder, ImmutableArray<ModelCase> cases)
    {
        var includes = new StringBuilder();
        var calls = new StringBuilder();
        var table = new StringBuilder();
        foreach (var (index, model) in cases.Index())
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"p{index}");
            foreach (var file in CodeEmitter.Emit(Plan(model.Graph, model.Options, model.Costs), prefix, stackBytes: null))
            {
                folder.Write(file.Name, file.Text);
            }

            var tensors = model.Graph.Inputs.Concat(model.Graph.Outputs).ToArray();
            var arguments = string.Concat(Enumerable.Range(0, tensors.Length).Select(i => $", t[{i}]"));
            includes.Append(CultureInfo.InvariantCulture, $"#include \"{prefix}.c\"\n#include \"{prefix}_weights.c\"\n");
            calls.Append(CultureInfo.InvariantCulture, $"static int call_{index}(void *arena, int8_t **t) {{ return (int){prefix}_invoke(arena{arguments}); }}\n");
            calls.Append(
                CultureInfo.InvariantCulture,
                $"static const size_t sizes_{index}[] = {{{string.Join(", ", tensors.Select(t => model.Graph.Tensors[t].Shape.ElementCount))}}};\n");
            table.Append(
                CultureInfo.InvariantCulture,
                $"    {{{model.Samples.Length}, P{index}_ARENA_SIZE, P{index}_ARENA_ALIGNMENT, {model.Graph.Inputs.Length}, {model.Graph.Outputs.Length}, sizes_{index}, call_{index}}},\n");
        }

        folder.Write("batch.h", Config);
        folder.Write("main.c", Main);
        folder.Write(
            "models.c",
            $$"""
            {{includes}}
            typedef struct {
                int samples;
                size_t arena_size;
                size_t alignment;
                int input_count;
                int output_count;
                const size_t *sizes;
                int (*invoke)(void *arena, int8_t **tensors);
            } model;

            {{calls}}
            extern const model models[];
            extern const int model_count;
            const model models[] = {
            {{table}}};
            const int model_count = {{cases.Length}};

            """);
    }

    private static void Compare(string build, ImmutableArray<ModelCase> cases, Expectation[] expectations, byte[] trace)
    {
        var position = 0;
        foreach (var (index, expectation) in expectations.Index())
        {
            for (var sample = 0; sample < expectation.Samples.Length; sample++)
            {
                var single = new Expectation(
                    expectation.Graph, [expectation.Samples[sample]], [expectation.Traces[sample]], [expectation.Outputs[sample]]);
                var (traceLength, outputLength) = (expectation.Traces[sample].Length, expectation.Outputs[sample].Length);
                Assert.That(trace, Has.Length.AtLeast(position + traceLength + outputLength));
                var mismatch = single.Compare(
                    trace.AsSpan(position, traceLength).ToArray(), trace.AsSpan(position + traceLength, outputLength).ToArray());
                Assert.That(mismatch, Is.Null, () => $"{build}: sample {sample} of model {index}:\n{cases[index].Describe()}");
                position += traceLength + outputLength;
            }
        }

        Assert.That(trace, Has.Length.EqualTo(position));
    }
}

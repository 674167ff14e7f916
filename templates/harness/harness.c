/* SPDX-License-Identifier: MIT-0 */

/**
 * @file harness.c
 * @brief Runs a generated model over the samples of inputs.bin and records what every layer computed and took.
 *
 * trace.bin    for each sample, for each layer: the layer's output bytes
 * outputs.bin  for each sample: the model's output bytes
 * report.txt   lines of a key and decimal numbers:
 *                calibration <ticks>             a loop of 200,000 instructions; only where there is a clock
 *                layer <sample> <index> <ticks>  since the end of the layer before
 *                invoke <sample> <ticks>         the layers and what follows the last
 *                status <sample> <code>          the model refused to run; the program ends with failure
 *                stack <bytes>                   most that any run used; only where the stack can be seen
 *                done <samples>                  all went well
 */
#include "harness_config.h"
#include "harness_model.h"
#include "platform.h"

#include <string.h>

/** Neither zero nor a likely activation: what is read without having been written differs from what was expected. */
#define FILL 0xA5

/** A model may need no arena, but C has no empty arrays. */
#define ARENA_BYTES (HARNESS_ARENA_SIZE > 0 ? HARNESS_ARENA_SIZE : 1)

/* One object each and no larger than promised, so that AddressSanitizer sees an access past either end. */
static uint8_t arena[ARENA_BYTES] __attribute__((aligned(HARNESS_ARENA_ALIGNMENT)));
static int8_t input[HARNESS_INPUT_BYTES];
static int8_t output[HARNESS_OUTPUT_BYTES];

/** What the layer hook keeps during one run of the model. */
static struct {
    int layers_done;
    uint64_t layer_start;
    uint64_t layer_ticks[HARNESS_LAYER_COUNT];
    size_t unused_stack;
} run;

/** @brief Keeps the smallest amount of stack left. */
static void note_stack(void)
{
    const size_t unused = platform_unused_stack();
    if (unused < run.unused_stack) {
        run.unused_stack = unused;
    }
}

void harness_layer_done(int index, const int8_t *data, size_t size)
{
    /* The clock is read first and last, so that what the hook does in between belongs to no layer. */
    const uint64_t end = platform_ticks();
    note_stack();
    if (index != run.layers_done || index >= HARNESS_LAYER_COUNT) {
        platform_fail("a layer reported out of order");
    }
    run.layer_ticks[index] = end - run.layer_start;
    run.layers_done = index + 1;
    platform_write(PLATFORM_TRACE, data, size);
    (void)platform_paint_stack();
    run.layer_start = platform_next_tick();
}

/** @brief Writes a line of the report: a key and count numbers. */
static void report(const char *key, const uint64_t *numbers, size_t count)
{
    const char newline = '\n';
    platform_write(PLATFORM_REPORT, key, strlen(key));
    for (size_t i = 0; i < count; ++i) {
        char text[21]; /* a space and the 20 digits of 2^64 - 1 */
        size_t at = sizeof text;
        uint64_t rest = numbers[i];
        do {
            text[--at] = (char)('0' + (int)(rest % 10u));
            rest /= 10u;
        } while (rest != 0);
        text[--at] = ' ';
        platform_write(PLATFORM_REPORT, text + at, sizeof text - at);
    }
    platform_write(PLATFORM_REPORT, &newline, 1);
}

/**
 * @brief Runs the model over the sample in input[].
 * @return Number of bytes of stack that the run used.
 */
static size_t run_sample(uint64_t sample)
{
    memset(arena, FILL, sizeof arena);
    memset(output, FILL, sizeof output);
    run.layers_done = 0;

    const size_t stack = platform_paint_stack();
    run.unused_stack = stack;
    run.layer_start = platform_next_tick();
    const pqs_status status = HARNESS_INVOKE(arena, input, output);
    uint64_t ticks = platform_ticks() - run.layer_start;
    note_stack();

    if (status != PQS_OK) {
        report("status", (const uint64_t[]){sample, (uint64_t)status}, 2);
        platform_fail("the model returned an error");
    }
    if (run.layers_done != HARNESS_LAYER_COUNT) {
        platform_fail("a layer did not report");
    }
    for (int i = 0; i < HARNESS_LAYER_COUNT; ++i) {
        report("layer", (const uint64_t[]){sample, (uint64_t)i, run.layer_ticks[i]}, 3);
        ticks += run.layer_ticks[i];
    }
    report("invoke", (const uint64_t[]){sample, ticks}, 2);
    platform_write(PLATFORM_OUTPUTS, output, sizeof output);
    return stack - run.unused_stack;
}

int main(void)
{
    platform_open();

    const uint64_t calibration = platform_calibrate();
    if (calibration != 0) {
        report("calibration", &calibration, 1);
    }

    uint64_t samples = 0;
    uint64_t most_stack = 0;
    size_t read = platform_read_inputs(input, sizeof input);
    while (read == sizeof input) {
        const size_t stack = run_sample(samples);
        if (stack > most_stack) {
            most_stack = stack;
        }
        ++samples;
        read = platform_read_inputs(input, sizeof input);
    }
    if (read != 0) {
        platform_fail("inputs.bin ends within a sample");
    }

    if (most_stack != 0) {
        report("stack", &most_stack, 1);
    }
    report("done", &samples, 1);
    platform_succeed();
}

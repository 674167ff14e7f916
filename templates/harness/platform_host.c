/* SPDX-License-Identifier: MIT-0 */

/**
 * @file platform_host.c
 * @brief The harness's machine is a process of an operating system: files by stdio; no clock that repeats, and the
 *        sanitizers watch the stack.
 */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *files[PLATFORM_FILE_COUNT];

void platform_open(void)
{
    static const char *const names[PLATFORM_FILE_COUNT] = PLATFORM_FILE_NAMES;
    for (int file = 0; file < PLATFORM_FILE_COUNT; ++file) {
        files[file] = fopen(names[file], file == PLATFORM_INPUTS ? "rb" : "wb");
        if (files[file] == NULL) {
            perror(names[file]);
            platform_fail("a file could not be opened");
        }
    }
}

size_t platform_read_inputs(void *data, size_t size)
{
    const size_t count = fread(data, 1, size, files[PLATFORM_INPUTS]);
    if (ferror(files[PLATFORM_INPUTS])) {
        platform_fail("inputs.bin could not be read");
    }
    return count;
}

void platform_write(platform_file file, const void *data, size_t size)
{
    if (fwrite(data, 1, size, files[file]) != size) {
        platform_fail("a file could not be written");
    }
}

void platform_succeed(void)
{
    for (int file = 0; file < PLATFORM_FILE_COUNT; ++file) {
        /* Buffered bytes are written here at the latest, so here a full disk shows. */
        if (fclose(files[file]) != 0) {
            fputs("harness: a file could not be closed\n", stderr);
            exit(EXIT_FAILURE);
        }
    }
    exit(EXIT_SUCCESS);
}

void platform_fail(const char *message)
{
    fprintf(stderr, "harness: %s\n", message);
    exit(EXIT_FAILURE); /* closes the files */
}

uint64_t platform_ticks(void)
{
    return 0;
}

uint64_t platform_next_tick(void)
{
    return 0;
}

uint64_t platform_calibrate(void)
{
    return 0;
}

size_t platform_paint_stack(void)
{
    return 0;
}

size_t platform_unused_stack(void)
{
    return 0;
}

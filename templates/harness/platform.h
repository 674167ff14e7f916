/* SPDX-License-Identifier: MIT-0 */

/**
 * @file platform.h
 * @brief What the harness needs from the machine it runs on: files, an exit, and, where they exist, a clock and a
 *        view of the stack.
 *
 * A file operation that fails ends the program with a message and a failing exit code, so callers check nothing.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/** @brief The files of a run, all in the current directory. The first is read, the others are written. */
typedef enum { PLATFORM_INPUTS, PLATFORM_TRACE, PLATFORM_OUTPUTS, PLATFORM_REPORT, PLATFORM_FILE_COUNT } platform_file;

/** @brief Names of the files, in the order of platform_file. */
#define PLATFORM_FILE_NAMES                                                                                            \
    {                                                                                                                  \
        "inputs.bin", "trace.bin", "outputs.bin", "report.txt"                                                         \
    }

/** @brief Opens the files and starts the clock. */
void platform_open(void);

/**
 * @brief Reads from inputs.bin.
 * @return Number of bytes read: size, or less at the end of the file.
 */
size_t platform_read_inputs(void *data, size_t size);

/** @brief Appends size bytes to a file that is written. */
void platform_write(platform_file file, const void *data, size_t size);

/** @brief Closes the files and ends the program with success. */
__attribute__((noreturn)) void platform_succeed(void);

/** @brief Says on the console why, closes the files and ends the program with failure. */
__attribute__((noreturn)) void platform_fail(const char *message);

/** @brief Time since platform_open(), in ticks; always 0 on a machine without a repeatable clock. */
uint64_t platform_ticks(void);

/**
 * @brief Waits for the clock's next tick and returns the time.
 *
 * An interval that starts on a tick is cut off in one place only, its end, so the same code gives the same number
 * wherever in the run it stands.
 */
uint64_t platform_next_tick(void);

/**
 * @brief Measures a loop of exactly 200,000 instructions.
 * @return The ticks it took; 0 on a machine without a repeatable clock.
 */
uint64_t platform_calibrate(void);

/**
 * @brief Fills the stack below the caller with a pattern.
 * @return Number of bytes between the end of the stack and the caller's stack pointer; 0 on a machine that cannot tell.
 */
size_t platform_paint_stack(void);

/** @brief Number of bytes, from the end of the stack on, that still hold the pattern. */
size_t platform_unused_stack(void);

#endif

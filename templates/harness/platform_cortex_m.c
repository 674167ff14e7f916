/* SPDX-License-Identifier: MIT-0 */

/**
 * @file platform_cortex_m.c
 * @brief The harness's machine is an Arm Cortex-M under a debugger or emulator: files and console by semihosting, time
 *        by SysTick, the stack between the symbols of the linker script.
 */
#include "platform.h"

#include <string.h>

/* ---- Semihosting ------------------------------------------------------------------------------------------------- */

enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT = 0x18 };

enum { OPEN_RB = 1, OPEN_WB = 5 };

enum { ADP_STOPPED_RUN_TIME_ERROR = 0x20023, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };

/** @brief Asks the debugger for an operation; its argument is a number or the address of a block of them. */
static uintptr_t semihost(uintptr_t operation, uintptr_t argument)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register uintptr_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/** @brief Ends the program. The debugger does not come back from this. */
__attribute__((noreturn)) static void leave(uintptr_t reason)
{
    for (;;) {
        (void)semihost(SYS_EXIT, reason);
    }
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static uintptr_t handles[PLATFORM_FILE_COUNT];
static int is_open;

/** A call of the debugger costs far more than the few bytes of a report line, so lines are collected. */
static struct {
    size_t size;
    char text[256];
} pending;

/** @return Non-zero if all was written. */
static int write_through(platform_file file, const void *data, size_t size)
{
    const uintptr_t block[] = {handles[file], (uintptr_t)data, size};
    return semihost(SYS_WRITE, (uintptr_t)block) == 0; /* the number of bytes that were not written */
}

/** @return Non-zero if all was written. Nothing stays pending, so a failure does not come twice. */
static int flush_report(void)
{
    const size_t size = pending.size;
    pending.size = 0;
    return size == 0 || write_through(PLATFORM_REPORT, pending.text, size);
}

/** @return Non-zero if all files are closed. */
static int close_files(void)
{
    int good = flush_report();
    for (int file = 0; file < PLATFORM_FILE_COUNT; ++file) {
        good &= semihost(SYS_CLOSE, (uintptr_t)&handles[file]) == 0;
    }
    return good;
}

static void say(const char *text)
{
    (void)semihost(SYS_WRITE0, (uintptr_t)text);
}

size_t platform_read_inputs(void *data, size_t size)
{
    const uintptr_t block[] = {handles[PLATFORM_INPUTS], (uintptr_t)data, size};
    const uintptr_t missing = semihost(SYS_READ, (uintptr_t)block);
    if (missing > size) {
        platform_fail("inputs.bin could not be read");
    }
    return size - missing;
}

void platform_write(platform_file file, const void *data, size_t size)
{
    int good = 1;
    if (file != PLATFORM_REPORT) {
        good = write_through(file, data, size);
    } else {
        if (size > sizeof pending.text - pending.size) {
            good = flush_report();
        }
        if (size > sizeof pending.text) {
            good = good && write_through(file, data, size);
        } else {
            memcpy(pending.text + pending.size, data, size);
            pending.size += size;
        }
    }
    if (!good) {
        platform_fail("a file could not be written");
    }
}

void platform_succeed(void)
{
    if (!close_files()) {
        say("harness: a file could not be closed\n");
        leave(ADP_STOPPED_RUN_TIME_ERROR);
    }
    leave(ADP_STOPPED_APPLICATION_EXIT);
}

void platform_fail(const char *message)
{
    say("harness: ");
    say(message);
    say("\n");
    if (is_open) {
        (void)close_files();
    }
    leave(ADP_STOPPED_RUN_TIME_ERROR);
}

/* ---- Clock ------------------------------------------------------------------------------------------------------- */

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define ICSR (*(volatile uint32_t *)0xE000ED04u)

#define SYST_CSR_ENABLE (1u << 0)
#define SYST_CSR_TICKINT (1u << 1)
#define SYST_CSR_CLKSOURCE (1u << 2) /* the processor's clock */
#define ICSR_PENDSTSET (1u << 26)

#define SYST_BITS 24
#define SYST_MASK ((1u << SYST_BITS) - 1u)

/** Times that the counter went from 1 to 0, which is when it asks for its interrupt. */
static volatile uint32_t wraps;

/**
 * @brief Counts a wrap of SysTick.
 *
 * It interrupts what is measured once in 2^24 ticks for some ten instructions, under a tick, so a measurement is at
 * most one part in 10^7 too long.
 */
void SysTick_Handler(void)
{
    ++wraps;
}

/**
 * @brief Reads the counter when it is not 0.
 *
 * 0 is read before the first reload, and for the one tick in which a wrap may or may not have been noticed yet.
 */
static inline uint32_t read_counter(void)
{
    uint32_t value;
    do {
        value = SYST_CVR;
    } while (value == 0);
    return value;
}

/** @brief Starts the clock at 0. */
static void start_clock(void)
{
    SYST_CSR = 0;
    SYST_RVR = SYST_MASK;
    SYST_CVR = 0; /* any write clears it */
    SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE;
}

uint64_t platform_ticks(void)
{
    /* Counter and wraps must be of one moment, so a wrap that falls between the two reads is seen as pending. */
    __asm__ volatile("cpsid i" ::: "memory");
    uint32_t value = read_counter();
    uint64_t periods = wraps;
    if ((ICSR & ICSR_PENDSTSET) != 0) {
        value = read_counter();
        ++periods;
    }
    __asm__ volatile("cpsie i" ::: "memory");
    /* The counter runs down; a period starts at 0, is 2^24 - 1 a tick later, and 1 in its last tick. */
    return (periods << SYST_BITS) + ((0u - value) & SYST_MASK);
}

/** @brief Waits while the counter has this value. */
static inline void wait_for_change(uint32_t value)
{
    while (SYST_CVR == value) {
    }
}

uint64_t platform_next_tick(void)
{
    /* The first wait makes sure that the time is known well before its tick is over. After the second nothing is left
     * to be done, so that an interval starts as close to the tick as it can: some 20 instructions go to calls before
     * what is measured and to calls after it, half a tick, which turns cutting off into rounding. */
    wait_for_change(SYST_CVR);
    const uint64_t now = platform_ticks();
    wait_for_change((0u - (uint32_t)now) & SYST_MASK);
    return now + 1u;
}

uint64_t platform_calibrate(void)
{
    uint32_t turns = 100000; /* of two instructions each */
    const uint64_t start = platform_next_tick();
    __asm__ volatile(".syntax unified\n"
                     "1: subs %0, #1\n"
                     "   bne 1b\n"
                     : "+l"(turns)
                     :
                     : "cc");
    return platform_ticks() - start;
}

/* ---- Stack ------------------------------------------------------------------------------------------------------- */

/*
 * Both functions work in registers only, in assembly, so that they leave no frame of their own in what they look at.
 * Interrupt handlers have another stack; of them, only the frame that the processor pushes can be seen here.
 */

__attribute__((naked)) size_t platform_paint_stack(void)
{
    __asm__ volatile(".syntax unified\n"
                     "    ldr r0, =__stack_limit\n"
                     "    mov r1, sp\n"
                     "    ldr r2, =0xA5A5A5A5\n"
                     "    subs r1, r1, r0\n"
                     "    subs r3, r1, #4\n"
                     "1:  bmi 2f\n"
                     "    str r2, [r0, r3]\n"
                     "    subs r3, r3, #4\n"
                     "    b 1b\n"
                     "2:  mov r0, r1\n"
                     "    bx lr\n"
                     "    .ltorg\n");
}

__attribute__((naked)) size_t platform_unused_stack(void)
{
    /* The caller's own frame ends the search at the latest. */
    __asm__ volatile(".syntax unified\n"
                     "    ldr r1, =__stack_limit\n"
                     "    ldr r2, =0xA5A5A5A5\n"
                     "    movs r0, #0\n"
                     "1:  ldr r3, [r1, r0]\n"
                     "    cmp r3, r2\n"
                     "    bne 2f\n"
                     "    adds r0, r0, #4\n"
                     "    b 1b\n"
                     "2:  bx lr\n"
                     "    .ltorg\n");
}

/* ---- Start and end ----------------------------------------------------------------------------------------------- */

void platform_open(void)
{
    static const char *const names[PLATFORM_FILE_COUNT] = PLATFORM_FILE_NAMES;
    for (int file = 0; file < PLATFORM_FILE_COUNT; ++file) {
        const uintptr_t mode = file == PLATFORM_INPUTS ? OPEN_RB : OPEN_WB;
        const uintptr_t block[] = {(uintptr_t)names[file], mode, strlen(names[file])};
        handles[file] = semihost(SYS_OPEN, (uintptr_t)block);
        if (handles[file] == (uintptr_t)-1) {
            say(names[file]);
            say(": ");
            platform_fail("a file could not be opened");
        }
    }
    is_open = 1;
    start_clock();
}

/** @brief Adds a word to the report, as a name and eight hexadecimal digits. */
static void report_word(const char *name, uint32_t word)
{
    char digits[8];
    for (int i = 7; i >= 0; --i) {
        digits[i] = "0123456789abcdef"[word & 15u];
        word >>= 4;
    }
    platform_write(PLATFORM_REPORT, name, strlen(name));
    platform_write(PLATFORM_REPORT, digits, sizeof digits);
}

/**
 * @brief Called by the start-up code's fault handlers: `fault <kind> pc=0x… lr=0x… cfsr=0x…`, then failure.
 * @param[in] kind   What happened.
 * @param[in] frame  The eight words that the processor pushed (r0-r3, r12, lr, pc, xpsr), or NULL if they are lost.
 */
void pqs_fault(const char *kind, const uint32_t *frame);

void pqs_fault(const char *kind, const uint32_t *frame)
{
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    const uint32_t cfsr = 0; /* these have no such register */
#else
    const uint32_t cfsr = *(volatile uint32_t *)0xE000ED28u;
#endif
    if (is_open) {
        platform_write(PLATFORM_REPORT, "fault ", 6);
        platform_write(PLATFORM_REPORT, kind, strlen(kind));
        report_word(" pc=0x", frame == NULL ? 0 : frame[6]);
        report_word(" lr=0x", frame == NULL ? 0 : frame[5]);
        report_word(" cfsr=0x", cfsr);
        platform_write(PLATFORM_REPORT, "\n", 1);
    }
    platform_fail(kind);
}

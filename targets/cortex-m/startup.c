/* SPDX-License-Identifier: MIT-0 */

/**
 * @file startup.c
 * @brief From reset to main() on an Arm Cortex-M, ARMv6-M to ARMv8.1-M, in the secure state where there is one.
 *
 * Thread mode runs on the process stack, which the linker script puts at the lower end of RAM; exception handlers run
 * on a small stack of their own. So a stack that overflows leaves RAM instead of running into data, and meets its limit
 * register, the guard region of an MPU, or nothing at all; and the fault handler has a stack to report it from.
 */
#include <stddef.h>
#include <stdint.h>

/* Only the mainline architectures tell one fault from another. */
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define HAS_FAULT_STATUS 0
#else
#define HAS_FAULT_STATUS 1
#endif

/* Stack limit registers came with ARMv8-M Mainline; before, there may be a memory protection unit to do their work. */
#define HAS_STACK_LIMITS (__ARM_ARCH >= 8 && HAS_FAULT_STATUS)
#define HAS_STACK_GUARD (__ARM_ARCH < 8)

#define VTOR (*(volatile uint32_t *)0xE000ED08u)
#define CCR (*(volatile uint32_t *)0xE000ED14u)
#define SHCSR (*(volatile uint32_t *)0xE000ED24u)
#define CFSR (*(volatile uint32_t *)0xE000ED28u)
#define MPU_TYPE (*(volatile uint32_t *)0xE000ED90u)
#define MPU_CTRL (*(volatile uint32_t *)0xE000ED94u)
#define MPU_RBAR (*(volatile uint32_t *)0xE000ED9Cu)
#define MPU_RASR (*(volatile uint32_t *)0xE000EDA0u)
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define FPCCR (*(volatile uint32_t *)0xE000EF34u)

#define CCR_UNALIGN_TRP (1u << 3)
#define CCR_DIV_0_TRP (1u << 4)
#define SHCSR_MEMFAULTENA (1u << 16)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SHCSR_USGFAULTENA (1u << 18)
#define SHCSR_SECUREFAULTENA (1u << 19) /* ignored by cores without security states */
#define CFSR_MSTKERR (1u << 4)
#define CFSR_STKERR (1u << 12)
#define CFSR_STKOF (1u << 20)
#define MPU_TYPE_DREGION (0xFFu << 8)
#define MPU_CTRL_ENABLE (1u << 0)
#define MPU_CTRL_PRIVDEFENA (1u << 2) /* what no region covers is as it is without MPU */
#define MPU_RBAR_VALID (1u << 4)      /* and so region 0 is the one that is written */
#define MPU_RASR_ENABLE (1u << 0)
#define MPU_RASR_SIZE(log2) (((log2)-1u) << 1)
#define MPU_RASR_XN (1u << 28) /* with access permissions 0: none at all */
#define CPACR_CP10_CP11 (0xFu << 20)
#define FPCCR_ASPEN_LSPEN (3u << 30)

/** Words that the processor pushes when it takes an exception. */
#define FRAME_WORDS 8

/* Linker script. */
extern uint32_t __stack_limit[], __stack_top[];
extern uint32_t __handler_stack_limit[], __handler_stack_top[];
extern const uint32_t __data_load[];
extern uint32_t __data_start[], __data_end[];
extern uint32_t __bss_start[], __bss_end[];

int main(void);
void Reset_Handler(void);
void SystemInit(void);
void Default_Handler(void);
void pqs_fault(const char *kind, const uint32_t *frame);

#define DEFAULT __attribute__((weak, alias("Default_Handler")))
void NMI_Handler(void) DEFAULT;
void HardFault_Handler(void) DEFAULT;
void MemManage_Handler(void) DEFAULT;
void BusFault_Handler(void) DEFAULT;
void UsageFault_Handler(void) DEFAULT;
void SecureFault_Handler(void) DEFAULT;
void SVC_Handler(void) DEFAULT;
void DebugMon_Handler(void) DEFAULT;
void PendSV_Handler(void) DEFAULT;
void SysTick_Handler(void) DEFAULT;

/** The core's own vectors; no device interrupt is ever enabled. */
typedef struct {
    const uint32_t *initial_stack;
    void (*handlers[15])(void);
} vector_table;

extern const vector_table __Vectors;
const vector_table __Vectors __attribute__((section(".isr_vector"), used)) = {
    __handler_stack_top,
    {
        Reset_Handler,
        NMI_Handler,
        HardFault_Handler,
        MemManage_Handler,
        BusFault_Handler,
        UsageFault_Handler,
        SecureFault_Handler,
        NULL,
        NULL,
        NULL,
        SVC_Handler,
        DebugMon_Handler,
        NULL,
        PendSV_Handler,
        SysTick_Handler,
    },
};

/**
 * @brief Makes the core ready for compiled code: gives access to the coprocessors of FPU and MVE.
 *
 * It runs before any code in which the compiler may have used their registers, be it only to copy .data, and so must
 * itself be nothing that can be vectorised.
 *
 * Exceptions keep no floating-point registers: no handler here uses them, and their frames would count as the stack of
 * the code that they interrupt.
 */
__attribute__((weak)) void SystemInit(void)
{
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    CPACR |= CPACR_CP10_CP11;
    FPCCR &= ~FPCCR_ASPEN_LSPEN;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

/** @brief Has the core report what it can of the program's mistakes. */
static void enable_faults(void)
{
#if HAS_FAULT_STATUS
    VTOR = (uint32_t)(uintptr_t)&__Vectors;
    CCR |= CCR_DIV_0_TRP;
    SHCSR |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA | SHCSR_SECUREFAULTENA;
#elif defined(__ARM_ARCH_6M__)
    /* ARMv6-M has no unaligned access, and there the bit is always set; this makes a larger core behave alike. */
    CCR |= CCR_UNALIGN_TRP;
#endif
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

#if HAS_STACK_GUARD
/** Size of the guard, as a power of two: a function may skip at most this much of the stack without a fault. */
#define GUARD_LOG2 16u

/** @brief Forbids the memory below the process stack, which need not be empty, where there is an MPU to do so. */
static void guard_stack(void)
{
    if ((MPU_TYPE & MPU_TYPE_DREGION) != 0) {
        MPU_RBAR = ((uint32_t)(uintptr_t)__stack_limit - (1u << GUARD_LOG2)) | MPU_RBAR_VALID;
        MPU_RASR = MPU_RASR_XN | MPU_RASR_SIZE(GUARD_LOG2) | MPU_RASR_ENABLE;
        MPU_CTRL = MPU_CTRL_PRIVDEFENA | MPU_CTRL_ENABLE;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}
#endif

/** @brief Reset_Handler's second half: lays out the memory that C expects and runs the program. */
__attribute__((noreturn, noinline, used)) static void start(void)
{
    enable_faults();
#if HAS_STACK_GUARD
    guard_stack();
#endif
    const uint32_t *from = __data_load;
    for (uint32_t *to = __data_start; to != __data_end; ++to) {
        *to = *from++;
    }
    for (uint32_t *to = __bss_start; to != __bss_end; ++to) {
        *to = 0;
    }
    (void)main();
    for (;;) {
        pqs_fault("return", NULL); /* there is nothing to go back to */
    }
}

/** In assembly because it changes stacks, and because a compiled function may save FPU registers before it starts. */
__attribute__((naked)) void Reset_Handler(void)
{
    __asm__ volatile(".syntax unified\n"
                     "    ldr r0, =__stack_top\n"
                     "    msr psp, r0\n"
#if HAS_STACK_LIMITS
                     "    ldr r0, =__stack_limit\n"
                     "    msr psplim, r0\n"
                     "    ldr r0, =__handler_stack_limit\n"
                     "    msr msplim, r0\n"
#endif
                     "    movs r0, #2\n" /* CONTROL.SPSEL: thread mode uses the process stack */
                     "    msr control, r0\n"
                     "    isb\n"
                     "    bl SystemInit\n"
                     "    bl start\n"
                     "    .ltorg\n");
}

/** @brief Does a whole exception frame at this address lie within a stack? */
static int frame_is_within(const uint32_t *frame, const uint32_t *limit, const uint32_t *top)
{
    const uintptr_t at = (uintptr_t)frame;
    return at >= (uintptr_t)limit && at <= (uintptr_t)top - FRAME_WORDS * sizeof(uint32_t);
}

/** @brief The name of the exception that is being handled. */
static const char *exception_name(void)
{
    static const char *const names[] = {"nmi", "hard", "memory", "bus", "usage", "secure"};
    uint32_t number;
    __asm__ volatile("mrs %0, ipsr" : "=r"(number));
    return number >= 2 && number < 2 + sizeof names / sizeof names[0] ? names[number - 2] : "exception";
}

/** @brief Default_Handler's second half. */
__attribute__((noreturn, used)) static void handle_fault(const uint32_t *frame)
{
    int stack_is_good = frame_is_within(frame, __stack_limit, __stack_top) ||
                        frame_is_within(frame, __handler_stack_limit, __handler_stack_top);
#if HAS_FAULT_STATUS
    /* The processor could not push the frame, so what is there is something else. */
    stack_is_good = stack_is_good && (CFSR & (CFSR_MSTKERR | CFSR_STKERR | CFSR_STKOF)) == 0;
#endif
    for (;;) {
        if (stack_is_good) {
            pqs_fault(exception_name(), frame);
        } else {
            pqs_fault("stack", NULL);
        }
    }
}

/** @brief Any exception without a handler of its own: finds the frame, on the stack that was in use. */
__attribute__((naked)) void Default_Handler(void)
{
    __asm__ volatile(".syntax unified\n"
                     "    mov r0, lr\n"
                     "    movs r1, #4\n" /* EXC_RETURN.SPSEL */
                     "    tst r0, r1\n"
                     "    mrs r0, msp\n"
                     "    beq 1f\n"
                     "    mrs r0, psp\n"
                     "1:  bl handle_fault\n");
}

/**
 * @brief What to do about a fault; the program's own definition replaces this one.
 * @param[in] kind   What happened.
 * @param[in] frame  The eight words that the processor pushed (r0-r3, r12, lr, pc, xpsr), or NULL if they are lost.
 */
__attribute__((weak)) void pqs_fault(const char *kind, const uint32_t *frame)
{
    (void)kind;
    (void)frame;
    __asm__ volatile("bkpt 0");
}

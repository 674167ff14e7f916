using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Toolchain;

namespace Pqs.Tests.Toolchain;

[TestFixture]
public sealed class MemoryUseTests
{
    private const string Map = """
        Discarded input sections

         .text.unused   0x00000000       0x40 00-startup.o

        Linker script and memory map

        LOAD 00-startup.o

        .text           0x00000000      0x128
         *(.isr_vector)
         .isr_vector    0x00000000       0x40 00-startup.o
                        0x00000000                __Vectors
         .text.a_function_of_a_long_name
                        0x00000040       0xa4 01-net.o
         *fill*         0x000000e4        0x4
         .text.memcpy   0x000000e8       0x40 /usr/lib/thumb/libc.a(libc_a-memcpy.o)

        .stack          0x20000000     0x1000
                        0x20000000                __stack_limit = .

        .data           0x20001000        0x8 load address 0x00000128
         .data.x        0x20001000        0x8 01-net.o

        .bss            0x20001008       0x20
         COMMON         0x20001008       0x20 01-net.o

        .comment        0x00000000       0x33
         .comment       0x00000000       0x33 01-net.o

        """;

    private static readonly ElfFile Elf = new(
        ElfFile.Arm,
        [
            new ElfSection("", 0, 0, 0, 0, 0, 0),
            new ElfSection(".text", 1, 6, 0, 0, 0x128, 0),
            new ElfSection(".stack", 8, 3, 0x20000000, 0, 0x1000, 0),
            new ElfSection(".data", 1, 3, 0x20001000, 0, 8, 0),
            new ElfSection(".bss", 8, 3, 0x20001008, 0, 0x20, 0),
            new ElfSection(".comment", 1, 0x30, 0, 0, 0x33, 0),
        ],
        [],
        default);

    [Test]
    public void Flash_and_RAM_are_counted_in_total_and_by_object()
    {
        var sources = ImmutableDictionary.CreateRange<string, string>([new("00-startup.o", "startup.c"), new("01-net.o", "net.c")]);

        var use = MemoryUse.Measure(Elf, Map, sources);

        // Initial values of variables are in flash, variables in RAM; the stack is no variable.
        Assert.That(use.Flash, Is.EqualTo(0x128 + 8));
        Assert.That(use.Ram, Is.EqualTo(8 + 0x20));
        Assert.That(use.Objects, Is.EqualTo(new[]
        {
            new ObjectUse("libc.a(libc_a-memcpy.o)", 0x40, 0),
            new ObjectUse("net.c", 0xA4 + 8, 8 + 0x20),
            new ObjectUse("startup.c", 0x40, 0),
        }));
        Assert.That(use.Of(name => name.EndsWith(".c", StringComparison.Ordinal)), Is.EqualTo((0x40L + 0xA4 + 8, 8L + 0x20)));
    }

    [Test]
    public void Overflows_are_found_in_the_linkers_messages()
    {
        var found = RegionOverflow.Find("""
            /usr/bin/ld: big.elf section `.bss' will not fit in region `RAM'
            /usr/bin/ld: region `RAM' overflowed by 4404 bytes
            /usr/bin/ld: region `FLASH' overflowed by 1 byte
            """);

        Assert.That(found.Select(o => o.ToString()), Is.EqualTo(new[] { "4404 bytes too many for RAM", "1 bytes too many for FLASH" }));
    }
}

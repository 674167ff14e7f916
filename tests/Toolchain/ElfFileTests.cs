using NUnit.Framework;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

[TestFixture]
public sealed class ElfFileTests
{
    private static readonly byte[] Sample = SmallElf.Write(("first", [0xB510, 0xBD10]), ("second", [0x4770]));

    [Test]
    public void Sections_and_symbols_are_read()
    {
        var elf = ElfFile.Parse(Sample, "small.elf", new DiagnosticBag())!;

        Assert.That(elf.Machine, Is.EqualTo(ElfFile.Arm));
        Assert.That(elf.Sections.Select(s => s.Name), Is.EqualTo(new[] { "", ".text", ".symtab", ".strtab", ".text" }));
        Assert.That(elf.Symbols[2], Is.EqualTo(
            new ElfSymbol("first", ElfSymbolKind.Function, SmallElf.Address, 4, IsLocal: false, Section: 1)));
        Assert.That(elf.Contents(1, SmallElf.Address + 4, 2).ToArray(), Is.EqualTo(new byte[] { 0x70, 0x47 }));
    }

    [TestCase(SmallElf.Address, "first")]
    [TestCase(SmallElf.Address + 3, "first")]
    [TestCase(SmallElf.Address + 4, "second")]
    [TestCase(SmallElf.Address + 6, null)]
    [TestCase(0u, null)]
    public void An_address_leads_to_its_function(uint address, string? name)
    {
        Assert.That(ElfFile.Parse(Sample, "small.elf", new DiagnosticBag())!.FunctionAt(address)?.Name, Is.EqualTo(name));
    }

    [Test]
    public void A_file_cut_anywhere_is_reported()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            var diagnostics = new DiagnosticBag();

            Assert.That(ElfFile.Parse(Sample.AsMemory(0, length), "small.elf", diagnostics), Is.Null);
            Assert.That(diagnostics.Lines().Single(), Does.StartWith("PQS0530 small.elf: "));
        }
    }

    [Test]
    public void A_damaged_file_is_read_or_reported_but_never_an_exception()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])Sample.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                bytes[random.Next(4, bytes.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            }

            var diagnostics = new DiagnosticBag();
            var elf = ElfFile.Parse(bytes, "small.elf", diagnostics);

            Assert.That(diagnostics.HasErrors, Is.EqualTo(elf is null));
            if (elf is not null)
            {
                _ = LinkedFunctions.Read(elf);
            }
        }
    }

    [Test]
    public void A_file_that_does_not_exist_is_reported()
    {
        var diagnostics = new DiagnosticBag();

        Assert.That(ElfFile.Read("/no/such/file.elf", diagnostics), Is.Null);
        Assert.That(diagnostics.Lines().Single(), Does.StartWith("PQS0530 file.elf: "));
    }

    [Test]
    public void A_64_bit_program_is_read()
    {
        var diagnostics = new DiagnosticBag();
        Assume.That(OperatingSystem.IsLinux() && Environment.Is64BitProcess);

        Assert.That(ElfFile.Read("/proc/self/exe", diagnostics)?.Sections.Select(s => s.Name), Does.Contain(".text"));
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Pqs.Tests.Toolchain;

/// <summary>Writes small ELF files for Arm: one section .text with functions, and the tables that belong to it.</summary>
internal static class SmallElf
{
    public const uint Address = 0x1000;

    /// <summary>The functions lie one after another from <see cref="Address"/>; each is its name and its Thumb code as halfwords.</summary>
    public static byte[] Write(params (string Name, ushort[] Code)[] functions)
    {
        var names = "\0.text\0.symtab\0.strtab\0"u8.ToArray();
        var texts = new List<byte> { 0 };
        var code = new List<byte>();
        var symbols = new List<byte>(new byte[16]);
        AddSymbol("$t", Address, 0, 0);
        foreach (var (name, halfwords) in functions)
        {
            AddSymbol(name, Address + (uint)code.Count + 1, 2 * (uint)halfwords.Length, 0x12);
            foreach (var halfword in halfwords)
            {
                code.Add((byte)halfword);
                code.Add((byte)(halfword >> 8));
            }
        }

        var file = new List<byte>(new byte[52]);
        var sections = new List<byte>(new byte[40]);
        AddSection(1, 1, 6, Address, code, 0);
        AddSection(7, 2, 0, 0, symbols, 3);
        AddSection(15, 3, 0, 0, texts, 0);
        AddSection(1, 3, 0, 0, names, 0);
        var table = file.Count;
        file.AddRange(sections);
        var bytes = file.ToArray();
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1 }.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), 40);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), (uint)table);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(46), 40);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(48), 5);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(50), 4);
        return bytes;

        void AddSymbol(string name, uint value, uint size, byte information)
        {
            var entry = new byte[16];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)texts.Count);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), value);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), size);
            entry[12] = information;
            entry[14] = 1;
            symbols.AddRange(entry);
            texts.AddRange(Encoding.ASCII.GetBytes(name));
            texts.Add(0);
        }

        void AddSection(uint name, uint type, uint flags, uint address, IReadOnlyCollection<byte> contents, uint link)
        {
            var entry = new byte[40];
            uint[] fields = [name, type, flags, address, (uint)file.Count, (uint)contents.Count, link];
            for (var i = 0; i < fields.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4 * i), fields[i]);
            }

            sections.AddRange(entry);
            file.AddRange(contents);
        }
    }
}

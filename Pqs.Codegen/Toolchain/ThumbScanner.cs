using System.Buffers.Binary;
using System.Numerics;

namespace Pqs.Codegen.Toolchain;

/// <summary>
/// Reads Thumb code for what matters to the stack: what it pushes, and where it branches to. It is how functions of the compiler's
/// own libraries are known, which come as machine code without a call graph. Encodings are those of the Armv8-M reference manual.
/// </summary>
internal static class ThumbScanner
{
    /// <summary>
    /// Scans straight through. Adding every decrement of the stack pointer is the most that any path without a loop around it can take.
    /// </summary>
    /// <param name="code">The function's code, without the data that lies between.</param>
    /// <param name="address">Address of its first byte.</param>
    public static ThumbScan Scan(ReadOnlySpan<byte> code, uint address)
    {
        var scan = ThumbScan.Empty;
        for (var offset = 0; offset + 2 <= code.Length;)
        {
            uint first = BinaryPrimitives.ReadUInt16LittleEndian(code[offset..]);
            if (first < 0xE800)
            {
                scan = Narrow(scan, first, address + (uint)offset + 4);
                offset += 2;
            }
            else if (offset + 4 <= code.Length)
            {
                scan = Wide(scan, first, BinaryPrimitives.ReadUInt16LittleEndian(code[(offset + 2)..]), address + (uint)offset + 4);
                offset += 4;
            }
            else
            {
                break;
            }
        }

        return scan;
    }

    /// <summary>One instruction of 16 bits. The program counter reads as 4 ahead of it.</summary>
    private static ThumbScan Narrow(ThumbScan scan, uint code, uint counter) => code switch
    {
        // push {list}, with lr as bit 8
        _ when (code & 0xFE00) == 0xB400 => scan.Push(4 * BitOperations.PopCount(code & 0x1FF)),

        // sub sp, #4n
        _ when (code & 0xFF80) == 0xB080 => scan.Push(4 * (int)(code & 0x7F)),

        // add sp, rm and mov sp, rm
        _ when (code & 0xFF87) is 0x4485 or 0x4685 => scan with { IsBounded = false },

        // blx rm
        _ when (code & 0xFF80) == 0x4780 => scan with { CallsIndirectly = true },

        // bx rm and mov pc, rm, which return when rm is lr
        _ when ((code & 0xFF80) == 0x4700 || (code & 0xFF87) == 0x4687) && (code & 0x78) != 0x70 => scan with { CallsIndirectly = true },

        // b<cond> label; the conditions 14 and 15 are udf and svc
        _ when (code & 0xF000) == 0xD000 && (code & 0x0E00) != 0x0E00 => scan.Jump(Target(counter, SignExtend(code & 0xFF, 8) * 2)),

        // b label
        _ when (code & 0xF800) == 0xE000 => scan.Jump(Target(counter, SignExtend(code & 0x7FF, 11) * 2)),

        _ => scan,
    };

    /// <summary>One instruction of 32 bits. The program counter reads as 4 ahead of it.</summary>
    private static ThumbScan Wide(ThumbScan scan, uint first, uint second, uint counter) => first switch
    {
        // push.w {list}
        0xE92D => scan.Push(4 * BitOperations.PopCount(second)),

        // strd rt, rt2, [sp, #-4n]!
        0xE96D => scan.Push(4 * (int)(second & 0xFF)),

        // str rt, [sp, #-n]!
        0xF84D when (second & 0x0F00) == 0x0D00 => scan.Push((int)(second & 0xFF)),

        // vpush {list} of single or double registers
        0xED2D or 0xED6D when (second & 0x0E00) == 0x0A00 => scan.Push(4 * (int)(second & 0xFF)),

        // sub sp, sp, #constant in its two encodings
        0xF1AD or 0xF5AD or 0xF1BD or 0xF5BD when (second & 0x8F00) == 0x0D00 => scan.Push(ExpandedImmediate(first, second)),
        0xF2AD or 0xF6AD when (second & 0x8F00) == 0x0D00 => scan.Push((int)PlainImmediate(first, second)),

        // add or sub sp, rn, rm
        _ when (first & 0xFFE0) is 0xEB00 or 0xEBA0 && (second & 0x0F00) == 0x0D00 => scan with { IsBounded = false },

        // add or sub sp, rn, #constant, where rn is not sp itself
        _ when ((first & 0xFBE0) is 0xF100 or 0xF1A0 || (first & 0xFBF0) is 0xF200 or 0xF2A0)
            && (first & 15) != 13 && (second & 0x8F00) == 0x0D00 => scan with { IsBounded = false },

        // ldr pc, [...] unless from the stack, which returns
        _ when (first & 0xFF70) == 0xF850 && second >> 12 == 15 && (first & 15) != 13 => scan with { CallsIndirectly = true },

        // bl label
        _ when (first & 0xF800) == 0xF000 && (second & 0xD000) == 0xD000 => scan.Call(Target(counter, FarOffset(first, second))),

        // b.w label
        _ when (first & 0xF800) == 0xF000 && (second & 0xD000) == 0x9000 => scan.Jump(Target(counter, FarOffset(first, second))),

        // b<cond>.w label; the conditions 14 and 15 are other instructions
        _ when (first & 0xF800) == 0xF000 && (second & 0xD000) == 0x8000 && (first & 0x0380) != 0x0380 =>
            scan.Jump(Target(counter, ConditionalOffset(first, second))),

        _ => scan,
    };

    private static uint Target(uint counter, int offset) => unchecked(counter + (uint)offset);

    /// <summary>imm12, the manual's i:imm3:imm8.</summary>
    private static uint PlainImmediate(uint first, uint second) => ((first & 0x400) << 1) | ((second & 0x7000) >> 4) | (second & 0xFF);

    /// <summary>The manual's ThumbExpandImm.</summary>
    private static long ExpandedImmediate(uint first, uint second)
    {
        var immediate = PlainImmediate(first, second);
        var low = immediate & 0xFF;
        return (immediate >> 8) switch
        {
            0 => low,
            1 => low * 0x0001_0001,
            2 => (long)low * 0x0100_0100,
            3 => (long)low * 0x0101_0101,
            _ => BitOperations.RotateRight((immediate & 0x7F) | 0x80, (int)(immediate >> 7)),
        };
    }

    /// <summary>The manual's S:I1:I2:imm10:imm11:'0', where I is not (J exclusive-or S).</summary>
    private static int FarOffset(uint first, uint second)
    {
        var sign = (first >> 10) & 1;
        var i1 = ~((second >> 13) ^ sign) & 1;
        var i2 = ~((second >> 11) ^ sign) & 1;
        return SignExtend((sign << 24) | (i1 << 23) | (i2 << 22) | ((first & 0x3FF) << 12) | ((second & 0x7FF) << 1), 25);
    }

    /// <summary>The manual's S:J2:J1:imm6:imm11:'0'.</summary>
    private static int ConditionalOffset(uint first, uint second) => SignExtend(
        (((first >> 10) & 1) << 20)
            | (((second >> 11) & 1) << 19)
            | (((second >> 13) & 1) << 18)
            | ((first & 0x3F) << 12)
            | ((second & 0x7FF) << 1),
        21);

    private static int SignExtend(uint value, int bits) => (int)(value << (32 - bits)) >> (32 - bits);
}

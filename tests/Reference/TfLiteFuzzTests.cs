using System.Buffers.Binary;
using NUnit.Framework;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

/// <summary>Damaged files. What a single field may be damaged to is in <see cref="HostileFileTests"/>.</summary>
internal sealed class TfLiteFuzzTests
{
    private static readonly byte[] Model = SmallModel.Builder().Build();

    [Test]
    public void A_file_cut_at_any_length_is_survived()
    {
        for (var length = 0; length < Model.Length; length++)
        {
            var graph = Survival.AssertImport(Model[..length], () => $"cutting at {length}");
            Assert.That(graph == null || length > Model.Length - 16, $"a file cut at {length} of {Model.Length} was accepted");
        }
    }

    [Test]
    public void Any_byte_replaced_is_survived()
    {
        byte[] masks = Property.IsLong ? [.. Enumerable.Range(1, 255).Select(mask => (byte)mask)] : [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF];
        for (var position = 0; position < Model.Length; position++)
        {
            foreach (var mask in masks)
            {
                var bytes = (byte[])Model.Clone();
                bytes[position] ^= mask;
                Survival.AssertImport(bytes, () => $"byte {position} ^ 0x{mask:x2}");
            }
        }
    }

    /// <summary>Offsets, lengths and indices of every kind: negative, just outside, far outside, to themselves, to the start, and in cycles.</summary>
    [Test]
    public void Any_word_replaced_is_survived()
    {
        for (var position = 0; position + 4 <= Model.Length; position += 4)
        {
            int[] values =
            [
                0, 4, -1, -position, position, int.MaxValue, int.MinValue, int.MaxValue - 3, Model.Length - position, Model.Length - position - 4,
                1 << 24, 1 << 26, 0x40000000, 0x20000000,
            ];
            foreach (var value in values)
            {
                var bytes = (byte[])Model.Clone();
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), value);
                Survival.AssertImport(bytes, () => $"word {position} = {value}");
            }
        }
    }

    /// <summary>The file's last four bytes say that a vtable of 20 bytes begins there.</summary>
    [Test]
    public void A_vtable_across_the_end_is_survived()
    {
        for (var position = 0; position + 4 <= Model.Length; position += 4)
        {
            byte[] bytes = [.. Model, 20, 0, 20, 0];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), position - Model.Length);
            Survival.AssertImport(bytes, () => $"the vtable of a table at {position}");
        }
    }

    [Test]
    public void Random_damage_is_survived()
    {
        for (var number = 0u; number < (Property.IsLong ? 300_000 : 10_000); number++)
        {
            Survival.AssertImport(Damaged(number), () => $"damage {number}");
        }
    }

    [Test]
    public void Random_bytes_after_a_good_header_are_survived()
    {
        for (var number = 0u; number < (Property.IsLong ? 300_000 : 5000); number++)
        {
            var dice = new Dice(new CsCheck.PCG(4, number));
            var bytes = new byte[dice.Between(0, 400)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(dice.Chance(60) ? dice.Between(0, 24) : dice.Between(0, 255));
            }

            "TFL3"u8[..Math.Clamp(bytes.Length - 4, 0, 4)].CopyTo(bytes.AsSpan(Math.Min(4, bytes.Length)));
            Survival.AssertImport(bytes, () => $"random file {number}");
        }
    }

    /// <summary>Some bytes changed, a run copied elsewhere, or a run removed or repeated; of the small model or of a random one.</summary>
    private static byte[] Damaged(uint number)
    {
        var dice = new Dice(new CsCheck.PCG(3, number));
        var bytes = number % 4 == 0 ? RandomModel.Numbered(number, 5).Build() : (byte[])Model.Clone();
        for (var count = dice.Between(1, 4); count > 0; count--)
        {
            var (from, to) = (dice.Between(0, bytes.Length - 1), dice.Between(0, bytes.Length - 1));
            var length = dice.Between(1, Math.Min(64, bytes.Length - Math.Max(from, to)));
            switch (dice.Between(0, 3))
            {
                case 0:
                    bytes.AsSpan(from, length).ToArray().CopyTo(bytes, to);
                    break;
                case 1:
                    bytes = [.. bytes[..from], .. bytes[(from + length)..]];
                    break;
                case 2:
                    bytes = [.. bytes[..from], .. bytes.AsSpan(to, length), .. bytes[from..]];
                    break;
                default:
                    bytes[from] = (byte)dice.SByte();
                    break;
            }

            if (bytes.Length == 0)
            {
                break;
            }
        }

        return bytes;
    }
}

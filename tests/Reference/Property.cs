using CsCheck;

namespace Pqs.Tests.Reference;

/// <summary>
/// Checks a property of generated values. Normally a fixed sequence, the same on every machine; with PQS_LONG=1 in the environment, CsCheck's search with
/// new seeds and shrinking, for a minute each.
/// </summary>
internal static class Property
{
    public static bool IsLong => Environment.GetEnvironmentVariable("PQS_LONG") == "1";

    public static void Holds<T>(Gen<T> values, int count, Action<T> check)
    {
        if (IsLong)
        {
            values.Sample(check, time: 60, threads: 1);
            return;
        }

        for (var number = 0u; number < count; number++)
        {
            var value = values.Generate(new PCG(1, number), null, out _);
            try
            {
                check(value);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Value {number} of the sequence: {value}", exception);
            }
        }
    }
}

using NUnit.Framework;
using Pqs.Tests.Reference;

namespace Pqs.Tests.FloatModel;

internal sealed class RandomNetworkTests
{
    [Test]
    public void Random_networks_agree_with_onnxruntime()
    {
        for (var number = 0; number < (Property.IsLong ? 5000 : 200); number++)
        {
            try
            {
                FloatComparison.AssertEqual(RandomNetwork.Numbered(number), samples: 1);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"In network {number}", exception);
            }
        }
    }
}

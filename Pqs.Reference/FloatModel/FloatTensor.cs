using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel;

/// <summary>An activation tensor of real numbers. Its id is its index in <see cref="FloatGraph.Tensors"/>.</summary>
/// <param name="Name">The name in the model file: untrusted text, to be cleaned by whoever prints or emits it.</param>
/// <param name="Shape">Dimensions; images are N×H×W×C.</param>
public sealed record FloatTensor(string Name, Shape Shape);

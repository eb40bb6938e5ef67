package dev.neurontp.harness.model;

import dev.neurontp.harness.model.ModelRefusedException.Reason;

/**
 * The original's default harness, by name. Here it only has the interface: it checks the request and refuses it with a
 * message, since this program has no inference engine.
 */
public final class CandleHarness implements Harness {
    public static final String NAME = "candle";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(ModelSpec spec) throws ModelRefusedException {
        if (spec.ranks() > 1) {
            throw new ModelRefusedException(
                    Reason.NOT_SUPPORTED,
                    "model '" + spec.modelId() + "' asks for tensor_parallel " + spec.ranks()
                            + ", and tensor-parallel inference is not there: it comes with stage 7b."
                            + " To check that the ranks of such a group can talk, run: neuron --tp-smoke --tp-size "
                            + spec.ranks());
        }
        throw new ModelRefusedException(
                Reason.NOT_SUPPORTED,
                "model '" + spec.modelId() + "' cannot be loaded: the harness '" + NAME
                        + "' of this program runs no inference engine. It brings up, checks and ends pools of workers;"
                        + " to serve a model, use a neuron that has an engine");
    }
}

package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.daemon.mapper.PoolMapper;
import dev.neurontp.harness.daemon.pool.PoolPlan;
import dev.neurontp.harness.daemon.pool.PoolRequestException;
import dev.neurontp.harness.daemon.settings.Settings;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What a daemon with some settings would start for a request, without such a daemon. */
public final class PoolPreview {
    private PoolPreview() {}

    /**
     * Its processes on other hosts, in the order in which they are started; empty for a pool of this host.
     *
     * @param ownCommand what our own workers are started with
     * @throws IllegalArgumentException when a daemon would refuse it, with the words of its answer
     */
    public static List<PoolApplied.Commands> of(Settings settings, List<String> ownCommand, PoolRequest request) {
        ObjectNode body = Json.mapper().valueToTree(request);
        try {
            PoolPlan plan = new PoolRequestReader(() -> settings, ownCommand).read(new JsonFields("", body));
            return PoolMapper.commands(plan.planned());
        } catch (ApiException | PoolRequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}

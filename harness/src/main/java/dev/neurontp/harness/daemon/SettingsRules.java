package dev.neurontp.harness.daemon;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.pool.PlanRules;
import dev.neurontp.harness.daemon.pool.PoolPlan;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.PlacementSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.text.ForeignText;
import java.util.Optional;
import java.util.function.Supplier;

/** The settings that are in force, as rules for plans: of commands, sizes and launchers. */
final class SettingsRules implements PlanRules {
    private static final int SHOWN_COMMAND = 500;

    private final Supplier<Settings> settings;

    SettingsRules(Supplier<Settings> settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Refusal> refusal(PoolPlan plan) {
        Settings now = settings.get();
        if (!plan.own() && !now.get(DaemonSettings.COMMANDS).contains(plan.command())) {
            return Optional.of(new Refusal(
                    ErrorType.COMMAND_NOT_ALLOWED,
                    "the command " + ForeignText.of(Json.text(plan.command()), SHOWN_COMMAND)
                            + " is not allowed here any more: add it, word by word, to pools.commands in the daemon's"
                            + " settings, then tpctl reload"));
        }
        long most = now.get(DaemonSettings.WORLD_SIZE);
        if (plan.worldSize() > most) {
            return Optional.of(new Refusal(
                    ErrorType.WRONG_SHAPE,
                    "world_size is " + plan.worldSize() + " and the limit is " + most
                            + " now: raise limits.world_size in the daemon's settings, then tpctl reload"));
        }
        return plan.placement()
                .flatMap(placement -> launcher(now, placement.of(0).launcher().name()));
    }

    private static Optional<Refusal> launcher(Settings now, String name) {
        try {
            PlacementSettings.launched(now, name);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new Refusal(ErrorType.WRONG_SHAPE, e.getMessage()));
        }
    }
}

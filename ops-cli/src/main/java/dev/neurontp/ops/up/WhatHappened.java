package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.ops.console.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How to look at a pool whose daemon has ended with it. */
final class WhatHappened {
    private final Screen screen;
    private final UpOptions options;
    private final Map<String, String> environment;

    WhatHappened(Screen screen, UpOptions options, Map<String, String> environment) {
        this.screen = screen;
        this.options = options;
        this.environment = environment;
    }

    /** Says the commands, where they will find what the daemon has written down. */
    void show(String id) throws InterruptedException {
        Optional<Path> set = options.settings(environment).flatMap(settings -> settings.get(DaemonSettings.STATE_DIR));
        StateFolders folders = set.map(StateFolders::only).orElseGet(() -> StateFolders.of(environment));
        try {
            if (new PastPools(folders).find(id).isPresent()) {
                boolean known = environment.containsKey(StateFolders.VARIABLE) || set.isEmpty();
                String where =
                        known ? "" : StateFolders.VARIABLE + "='" + set.get().toAbsolutePath() + "' ";
                screen.say("What happened stays: " + where + "tpctl describe " + id + ", " + where
                        + "tpctl logs --previous " + id);
            }
        } catch (IOException e) {
            screen.say("what happened cannot be looked at any more: " + e.getMessage());
        }
    }
}

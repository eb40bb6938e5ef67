package dev.neurontp.ops.up;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.Signals;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.DaemonEndedException;
import dev.neurontp.ops.client.Daemons;
import dev.neurontp.ops.client.LiveDaemons;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.create.PoolCreation;
import dev.neurontp.worker.os.ExitCode;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings up, watches, takes down. Whatever goes wrong, the daemon that was started does not stay. */
final class Up {
    private final Screen screen;
    private final RuntimeFolders folders;
    private final UpOptions options;
    private final boolean json;
    private final boolean detach;

    Up(Screen screen, RuntimeFolders folders, UpOptions options, boolean json, boolean detach) {
        this.screen = screen;
        this.folders = folders;
        this.options = options;
        this.json = json;
        this.detach = detach;
    }

    int run() throws InterruptedException {
        Optional<Path> log = detach ? Optional.of(UpLog.create(folders)) : Optional.empty();
        DaemonProcess process = start(log);
        DaemonShutdown shutdown = new DaemonShutdown(process, screen);
        Signals.to(shutdown::signalled);
        boolean well = false;
        boolean endedByItself = false;
        Optional<String> failed = Optional.empty();
        try {
            LiveDaemons live = new LiveDaemons(folders);
            DaemonFile file = process.listening(live, options.timeout());
            Daemon daemon = new Daemons(live).of(file);
            if (detach) {
                int code = background(process, daemon, file, log.orElseThrow());
                well = !shutdown.asked() && code == ExitCode.OK;
                return shutdown.asked() ? shutdown.end() : code;
            }
            failed = foreground(daemon);
            well = !shutdown.asked() && failed.isEmpty();
            return shutdown.asked() ? shutdown.end() : well ? ExitCode.OK : ExitCode.FAILED;
        } catch (DaemonEndedException e) {
            if (shutdown.asked()) {
                return shutdown.end();
            }
            CommandException told = process.withItsEnd(e);
            endedByItself = !process.alive();
            throw told;
        } catch (CommandException | ApiErrorException e) {
            if (shutdown.asked()) {
                return shutdown.end();
            }
            endedByItself = !process.alive();
            throw endedByItself ? e : withoutItsDaemon(e);
        } finally {
            // Not after a signal: a second SIGTERM would end the daemon before it has cleaned up.
            if (process.alive() && !(detach && well)) {
                process.stop();
            }
            if (failed.isPresent() && !shutdown.asked()) {
                new WhatHappened(screen, options, System.getenv()).show(failed.get());
            }
            if (!well && log.isPresent()) {
                UpLog.remove(log.get(), screen, endedByItself);
            }
        }
    }

    /** Where the daemon was not reached it is ended now: advice about its process would be about nobody's. */
    private static RuntimeException withoutItsDaemon(RuntimeException reason) {
        if (!(reason instanceof CommandException unreached)) {
            return reason;
        }
        boolean silent = unreached.exitCode() == ExitCode.TIMED_OUT;
        boolean unconnected = unreached.getCause() instanceof ConnectException
                || unreached.getCause() instanceof HttpConnectTimeoutException;
        return silent || unconnected
                ? new CommandException(
                        unreached.exitCode(),
                        unreached.getMessage(),
                        "The daemon that was started is ended again. "
                                + (silent
                                        ? "Give it longer with --timeout."
                                        : "Look whether the interface of its address is up (ip addr)."),
                        unreached)
                : reason;
    }

    private DaemonProcess start(Optional<Path> log) {
        try {
            return DaemonProcess.start(options, log);
        } catch (CommandException e) {
            log.ifPresent(empty -> UpLog.remove(empty, screen, false));
            throw e;
        }
    }

    private int background(DaemonProcess process, Daemon daemon, DaemonFile file, Path log)
            throws InterruptedException {
        JsonNode created = create(daemon);
        // Before its id is printed: who has read it may count on the pool.
        process.detach();
        PoolView pool = announce(daemon, created);
        if (screen.out().checkError()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the pool's id could not be written to stdout, and who started the pool could not end it without",
                    "The pool is ended again. Give stdout a reader, or a disk with room.");
        }
        screen.say("Daemon: " + file.url() + ", pid " + file.pid() + ", log " + log);
        screen.say("See it: tpctl status " + pool.id() + ". End it, daemon too: tpctl shutdown " + pool.id());
        return ExitCode.OK;
    }

    /** The id of the pool where it has failed, or a rank was not seen to end. */
    private Optional<String> foreground(Daemon daemon) throws InterruptedException {
        PoolView pool = announce(daemon, create(daemon));
        screen.say("From another terminal: tpctl status, tpctl ping, tpctl init. Ctrl-C takes it down.");
        boolean failed = new PoolFollower(screen, daemon, pool).untilItEnds();
        return failed ? Optional.of(pool.id()) : Optional.empty();
    }

    private JsonNode create(Daemon daemon) throws InterruptedException {
        return new PoolCreation(screen, daemon, options.fromFile()).complete(options.pool(), options.timeout());
    }

    private PoolView announce(Daemon daemon, JsonNode created) {
        PoolView pool = daemon.read(created, PoolView.class);
        screen.say("Pool " + pool.id() + " " + HumanText.verb(pool.state()) + " " + pool.state() + ": "
                + HumanText.count(pool.ranks().size(), "rank", "ranks") + ", " + pool.communicator() + ".");
        if (json) {
            screen.line(ApiJson.text(
                    ((ObjectNode) created).put("daemon", daemon.url().toString())));
        } else {
            screen.line(pool.id());
        }
        return pool;
    }
}

package dev.neurontp.ops.live;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stand-in for a Kubernetes cluster, on loopback: of the API server what {@code kubectl exec} asks for, and pods that are processes of this
 * host. It says how kubectl behaves, not how a kubelet does.
 */
final class KubernetesStandIn implements AutoCloseable {
    private static final String NAMESPACE = "llm";
    private static final String POD = "/api/v1/namespaces/{namespace}/pods/{pod}";
    private static final String RESOURCES = """
            {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[
             {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get"],"shortNames":["po"]},
             {"name":"pods/exec","singularName":"","namespaced":true,"kind":"PodExecOptions","verbs":["create","get"]}]}""";

    private final Map<String, Link> links;
    private final Map<String, PodExec> execs = new ConcurrentHashMap<>();
    private final Javalin server;

    /** The network between the API server and one pod. */
    static final class Link {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private boolean down;

        void set(boolean isDown) {
            lock.lock();
            try {
                down = isDown;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** What is on its way waits, as TCP does. */
        void awaitUp() {
            lock.lock();
            try {
                while (down) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** With those pods. */
    KubernetesStandIn(String... pods) {
        links = new ConcurrentHashMap<>();
        List.of(pods).forEach(pod -> links.put(pod, new Link()));
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.startupWatcherEnabled = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.routes.get(
                    "/api",
                    answer -> answer.contentType("application/json")
                            .result("{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}"));
            config.routes.get(
                    "/apis",
                    answer -> answer.contentType("application/json")
                            .result("{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}"));
            config.routes.get(
                    "/api/v1", answer -> answer.contentType("application/json").result(RESOURCES));
            config.routes.get(POD, this::pod);
            config.routes.ws(POD + "/exec", exec -> {
                exec.onConnect(opened -> {
                    Link link = links.get(opened.pathParam("pod"));
                    execs.put(opened.sessionId(), PodExec.start(opened, link));
                });
                exec.onBinaryMessage(message -> execs.get(message.sessionId()).take(message));
                exec.onClose(closed -> execs.remove(closed.sessionId()).disconnected());
            });
        });
        server.start();
    }

    /** Writes a file by which kubectl finds it. */
    Path config(Path file) throws IOException {
        return config(file, server.port());
    }

    /** Writes one that names that port of this host. */
    static Path config(Path file, int port) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u, namespace: %s}}]
                users: [{name: u, user: {}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                """.formatted(NAMESPACE, port));
    }

    /** Cuts off a pod, or joins it again. */
    void cut(String pod, boolean down) {
        links.get(pod).set(down);
    }

    private void pod(Context asked) {
        String pod = asked.pathParam("pod");
        if (!asked.pathParam("namespace").equals(NAMESPACE)) {
            refuse(asked, HttpStatus.FORBIDDEN, "Forbidden", "pods \\\"" + pod + "\\\" is forbidden");
            return;
        }
        if (!links.containsKey(pod)) {
            refuse(asked, HttpStatus.NOT_FOUND, "NotFound", "pods \\\"" + pod + "\\\" not found");
            return;
        }
        asked.contentType("application/json").result("""
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s"},
                 "spec":{"containers":[{"name":"neurontp"}]},"status":{"phase":"Running"}}""".formatted(pod, NAMESPACE));
    }

    private static void refuse(Context asked, HttpStatus status, String reason, String message) {
        asked.status(status).contentType("application/json").result("""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"%s","message":"%s","code":%d}""".formatted(reason, message, status.getCode()));
    }

    @Override
    public void close() {
        links.values().forEach(link -> link.set(false));
        server.stop();
    }
}

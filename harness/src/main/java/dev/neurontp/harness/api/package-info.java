/** What the daemon's HTTP interface says, as records: docs/openapi.yaml in Java. Field names are snake_case on the wire. */
package dev.neurontp.harness.api;

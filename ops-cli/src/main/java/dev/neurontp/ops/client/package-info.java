/** The daemon's HTTP interface from the caller's side, and where live daemons are found. docs/openapi.yaml describes it. */
package dev.neurontp.ops.client;

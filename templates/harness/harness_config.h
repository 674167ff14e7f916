/* SPDX-License-Identifier: MIT-0 */

/**
 * @file harness_config.h
 * @brief What verification changes in the generated code, given to it by -DPQS_CONFIG_HEADER="\"harness_config.h\"".
 */
#ifndef HARNESS_CONFIG_H
#define HARNESS_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Takes one layer's output out of the running model.
 * @param[in] index  Position of the layer in the model; the layers of one run report in order, from 0, none left out.
 * @param[in] data   The output that the layer has just written.
 * @param[in] size   Number of bytes at data.
 */
void harness_layer_done(int index, const int8_t *data, size_t size);

#define PQS_LAYER_DONE(index, data, size) harness_layer_done((index), (data), (size))

#ifdef __cplusplus
}
#endif

#endif

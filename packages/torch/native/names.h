// PyTorch's names for dtypes, layouts, memory formats and devices.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/ScalarType.h>

#include <string>
#include <utility>

namespace engine {

inline constexpr std::pair<const char*, c10::ScalarType> kDtypes[] = {
    {"float32", c10::ScalarType::Float},       {"float64", c10::ScalarType::Double},
    {"float16", c10::ScalarType::Half},        {"bfloat16", c10::ScalarType::BFloat16},
    {"int64", c10::ScalarType::Long},          {"int32", c10::ScalarType::Int},
    {"int16", c10::ScalarType::Short},         {"int8", c10::ScalarType::Char},
    {"uint8", c10::ScalarType::Byte},          {"bool", c10::ScalarType::Bool},
    {"complex64", c10::ScalarType::ComplexFloat}, {"complex128", c10::ScalarType::ComplexDouble},
};

inline constexpr std::pair<const char*, c10::Layout> kLayouts[] = {
    {"strided", c10::Layout::Strided}, {"sparse_coo", c10::Layout::Sparse}, {"mkldnn", c10::Layout::Mkldnn}};

inline constexpr std::pair<const char*, c10::MemoryFormat> kMemoryFormats[] = {
    {"contiguous", c10::MemoryFormat::Contiguous},
    {"preserve", c10::MemoryFormat::Preserve},
    {"channelsLast", c10::MemoryFormat::ChannelsLast},
    {"channelsLast3d", c10::MemoryFormat::ChannelsLast3d}};

template <typename T, size_t N>
int valueOf(const std::pair<const char*, T> (&table)[N], const std::string& name) {
  for (const auto& [known, value] : table)
    if (name == known) return static_cast<int>(value);
  return -1;
}

template <typename T, size_t N>
std::string namesOf(const std::pair<const char*, T> (&table)[N]) {
  std::string names;
  for (const auto& entry : table) names += (names.empty() ? "" : ", ") + std::string(entry.first);
  return names;
}

}  // namespace engine

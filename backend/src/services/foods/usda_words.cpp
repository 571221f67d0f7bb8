#include "services/foods/usda_words.hpp"

#include "models/words.hpp"
#include "services/foods/allergen_table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace nxg::foods {
namespace {

// The abbreviations of the source, as its long descriptions spell them out.
constexpr auto abbreviations = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"allgrd", "all grades"},
    {"appl", "apple"},
    {"approx", "approximately"},
    {"art", "artificial"},
    {"asprt", "aspartame"},
    {"aus", "australian"},
    {"aust", "australian"},
    {"bev", "beverage"},
    {"beve", "beverage"},
    {"beverag", "beverages"},
    {"bf", "beef"},
    {"bkd", "baked"},
    {"bl", "blade"},
    {"bld", "boiled"},
    {"blde", "blade"},
    {"ble", "blade"},
    {"bls", "boneless"},
    {"bn-in", "bone-in"},
    {"bne-in", "bone-in"},
    {"bnl", "boneless"},
    {"bnles", "boneless"},
    {"bnless", "boneless"},
    {"bnls", "boneless"},
    {"bnlss", "boneless"},
    {"bns", "beans"},
    {"brd", "bread"},
    {"brding", "breading"},
    {"brgr", "burger"},
    {"brkfst", "breakfast"},
    {"brld", "broiled"},
    {"brn", "brown"},
    {"brsd", "braised"},
    {"brst", "breast"},
    {"brwn", "brown"},
    {"bsd", "based"},
    {"bstn", "boston"},
    {"btld", "bottled"},
    {"btt", "butt"},
    {"bttm", "bottom"},
    {"bttrmlk", "buttermilk"},
    {"ca", "calcium"},
    {"cal", "calorie"},
    {"carb", "carbonated"},
    {"ch", "choice"},
    {"chc", "choice"},
    {"chck", "chuck"},
    {"chckn", "chicken"},
    {"chedd", "cheddar"},
    {"chick", "chicken"},
    {"chk", "chuck"},
    {"chmp", "chump"},
    {"chnky", "chunky"},
    {"choc", "chocolate"},
    {"choic", "choice"},
    {"chol", "cholesterol"},
    {"chol-free", "cholesterol-free"},
    {"chopd", "chopped"},
    {"chps", "chops"},
    {"chs", "cheese"},
    {"cinn", "cinnamon"},
    {"ck", "cooked"},
    {"ckd", "cooked"},
    {"ckn", "chicken"},
    {"cld", "shoulder clod"},
    {"cmdty", "commodity"},
    {"cnd", "canned"},
    {"cntr", "center"},
    {"cntry-style", "country-style"},
    {"coatd", "coated"},
    {"cocnt", "coconut"},
    {"comm", "commercial"},
    {"commly", "commercially"},
    {"comp", "composite"},
    {"conc", "concentrate"},
    {"cond", "condensed"},
    {"condmnt", "condiments"},
    {"crl", "cereal"},
    {"crm", "cream"},
    {"crmd", "creamed"},
    {"crmy", "creamy"},
    {"crrt", "carrots"},
    {"crst", "crust"},
    {"ct", "cut"},
    {"cttnsd", "cottonseed"},
    {"dehyd", "dehydrated"},
    {"den", "denver"},
    {"dil", "diluted"},
    {"dk", "dark"},
    {"dom", "domestic"},
    {"drk", "drink"},
    {"drnd", "drained"},
    {"drsg", "dressing"},
    {"drsng", "dressing"},
    {"drumstk", "drumstick"},
    {"dssrt", "dessert"},
    {"eng", "english"},
    {"enr", "enriched"},
    {"eq", "equal"},
    {"evap", "evaporated"},
    {"ex", "extra"},
    {"fds", "foods"},
    {"fl", "fluid"},
    {"flav", "flavored"},
    {"flr", "flour"},
    {"formulat", "formulated"},
    {"fort", "fortified"},
    {"fr", "fried"},
    {"frch", "french"},
    {"frm", "from"},
    {"frnch", "french"},
    {"froz", "frozen"},
    {"frsh", "fresh"},
    {"frstd", "frosted"},
    {"frstng", "frosting"},
    {"frt", "fruit"},
    {"fruit-flav", "fruit-flavored"},
    {"fryrs", "fryers"},
    {"frz", "frozen"},
    {"fudg", "fudge"},
    {"gds", "grades"},
    {"gld", "grilled"},
    {"gm", "gram"},
    {"grd", "grades"},
    {"grds", "grades"},
    {"gri", "grilled"},
    {"grild", "grilled"},
    {"grilld", "grilled"},
    {"grille", "grilled"},
    {"grl", "grilled"},
    {"grld", "grilled"},
    {"grlic", "garlic"},
    {"grlld", "grilled"},
    {"grlled", "grilled"},
    {"grn", "green"},
    {"grns", "greens"},
    {"h2o", "water"},
    {"hi", "high"},
    {"htd", "heated"},
    {"hvy", "heavy"},
    {"hydr", "hydrogenated"},
    {"hydrog", "hydrogenated"},
    {"imitn", "imitation"},
    {"immat", "immature"},
    {"imp", "imported"},
    {"inc", "includes"},
    {"incl", "includes"},
    {"indus", "industrial"},
    {"inf", "infant"},
    {"insde", "inside"},
    {"inst", "instant"},
    {"ital", "italian"},
    {"jr", "junior"},
    {"juc", "juice"},
    {"jucs", "juices"},
    {"juics", "juices"},
    {"krnls", "kernels"},
    {"l-f", "low-fat"},
    {"liq", "liquid"},
    {"ln", "lean"},
    {"lo", "low"},
    {"lofat", "low fat"},
    {"lon", "loin"},
    {"low-cal", "low-calorie"},
    {"lp-on", "lip-on"},
    {"lrg", "large"},
    {"lt", "light"},
    {"lttc", "lettuce"},
    {"marg", "margarine"},
    {"marshmllw", "marshmallow"},
    {"mayo", "mayonnaise"},
    {"mcrwveable", "microwaveable"},
    {"moist", "moisture"},
    {"mozz", "mozzarella"},
    {"mple", "maple"},
    {"mshd", "mashed"},
    {"mt", "meat"},
    {"mushrm", "mushroom"},
    {"mxd", "mixed"},
    {"na", "sodium"},
    {"nat", "natural"},
    {"non-fat", "nonfat"},
    {"novlt", "novelties"},
    {"nutr", "nutrients"},
    {"nz", "new zealand"},
    {"orig", "original"},
    {"otsde", "outside"},
    {"outsd", "outside"},
    {"oven-htd", "oven-heated"},
    {"oz", "ounce"},
    {"pan-brl", "pan-broil"},
    {"parbld", "parboiled"},
    {"part", "partially"},
    {"past", "pasteurized"},
    {"pdr", "powder"},
    {"petit", "petite"},
    {"pk", "pack"},
    {"pln", "plain"},
    {"plte", "plate"},
    {"pn-brld", "pan-broiled"},
    {"pnappl", "pineapple"},
    {"pnut", "peanut"},
    {"pnuts", "peanuts"},
    {"prch", "purchased"},
    {"prdct", "product"},
    {"pre", "prepared"},
    {"preckd", "precooked"},
    {"prep", "prepared"},
    {"proc", "processing"},
    {"prop", "propionate"},
    {"prot", "protein"},
    {"prtrhs", "porterhouse"},
    {"pstrs", "pastries"},
    {"purch", "purchased"},
    {"pwd", "powder"},
    {"rd", "round"},
    {"recon", "reconstituted"},
    {"red-cal", "reduced-calorie"},
    {"refr", "refrigerated"},
    {"reg", "regular"},
    {"rehtd", "reheated"},
    {"replcmnt", "replacement"},
    {"rest-prep", "restaurant-prepared"},
    {"rnd", "round"},
    {"rst", "roast"},
    {"rst/filet", "roast/filet"},
    {"rst/filt", "roast/filet"},
    {"rstd", "roasted"},
    {"rtb", "ready-to-bake"},
    {"rtd", "ready-to-drink"},
    {"rte", "ready-to-eat"},
    {"rth", "ready-to-heat"},
    {"rtl", "retail"},
    {"rts", "ready-to-serve"},
    {"rw", "raw"},
    {"sau", "sauce"},
    {"sausge", "sausage"},
    {"scallpd", "scalloped"},
    {"scrmbld", "scrambled"},
    {"sd", "seed"},
    {"se", "select"},
    {"sel", "select"},
    {"sgr", "sugar"},
    {"shdr", "shoulder"},
    {"shk", "shank"},
    {"shldr", "shoulder"},
    {"shnk", "shank"},
    {"shrt", "short"},
    {"simmrd", "simmered"},
    {"sirl", "sirloin"},
    {"sirln", "sirloin"},
    {"sirlon", "sirloin"},
    {"skn", "skin"},
    {"sknlss", "skinless"},
    {"skrt", "skirt"},
    {"slce", "slice"},
    {"sln", "solution"},
    {"sml", "small"},
    {"smmr", "summer"},
    {"sndwch", "sandwich"},
    {"snk", "snack"},
    {"sol", "solids"},
    {"soln", "solution"},
    {"soybn", "soybean"},
    {"spl", "special"},
    {"sprd", "spread"},
    {"sprl", "spiral"},
    {"srln", "sirloin"},
    {"std", "standard"},
    {"steak/rost", "steak/roast"},
    {"stek", "steak"},
    {"stk", "steak"},
    {"stk/rst", "steak/roast"},
    {"stks", "sticks"},
    {"stmd", "steamed"},
    {"str", "strained"},
    {"strwbrs", "strawberries"},
    {"stwd", "stewed"},
    {"sub", "substitute"},
    {"supp", "supplement"},
    {"swt", "sweet"},
    {"swtnd", "sweetened"},
    {"swtnr", "sweetener"},
    {"sze", "size"},
    {"tmt", "tomato"},
    {"tnderln", "tenderloin"},
    {"tndr", "tender"},
    {"tndrln", "tenderloin"},
    {"toploinstk", "top loin steak"},
    {"tp", "top"},
    {"tstd", "toasted"},
    {"tstr", "toaster"},
    {"unckd", "uncooked"},
    {"und", "under"},
    {"undil", "undiluted"},
    {"undr", "under"},
    {"unenr", "unenriched"},
    {"unhtd", "unheated"},
    {"unpr", "unprepared"},
    {"unprep", "unprepared"},
    {"unspec", "unspecified"},
    {"unswtnd", "unsweetened"},
    {"uv", "ultraviolet"},
    {"van", "vanilla"},
    {"var", "variety"},
    {"vars", "varieties"},
    {"veg", "vegetable"},
    {"vit", "vitamin"},
    {"w/", "with"},
    {"wgu", "wagyu"},
    {"whl", "whole"},
    {"wntr", "winter"},
    {"wo/", "without"},
    {"xcpt", "except"},
    {"yel", "yellow"},
});

const std::map<std::string_view, std::string_view>& long_words() {
  static const std::map<std::string_view, std::string_view> words{abbreviations.begin(), abbreviations.end()};
  return words;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool separates(char c) { return c == ' ' || c == ',' || c == '(' || c == ')' || c == ';'; }

void append_word(std::string& to, std::string_view word) {
  const auto lower = lower_case(word);
  const auto known = long_words().find(lower);
  to += known == long_words().end() ? std::string_view{lower} : known->second;
}

// One blank after a comma or a closing bracket, none before, no comma before a bracket.
std::string tidied(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == ' ' || c == '\t') {
      if (!line.empty() && line.back() != ' ' && line.back() != '(') line += ' ';
    } else if (c == ',' || c == ')') {
      while (!line.empty() && (line.back() == ' ' || (c == ',' && line.back() == ','))) line.pop_back();
      line += c;
      line += ' ';
    } else if (c == '(') {
      while (!line.empty() && (line.back() == ' ' || line.back() == ',')) line.pop_back();
      if (!line.empty()) line += ' ';
      line += c;
    } else {
      line += c;
    }
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == ',')) line.pop_back();
  return line;
}

using words_of_group = std::pair<std::string_view, food_group>;
using enum food_group;

constexpr auto groups_by_number = std::to_array<words_of_group>({
    {"01", dairy_and_eggs},
    {"02", spices_and_herbs},
    {"03", baby_foods},
    {"04", fats_and_oils},
    {"05", poultry},
    {"06", soups_sauces_gravies},
    {"07", sausages_and_cold_cuts},
    {"08", breakfast_cereals},
    {"09", fruits},
    {"10", pork},
    {"11", vegetables},
    {"12", nuts_and_seeds},
    {"13", beef},
    {"14", beverages},
    {"15", fish_and_shellfish},
    {"16", legumes},
    {"17", lamb_veal_game},
    {"18", baked_products},
    {"19", sweets},
    {"20", grains_and_pasta},
    {"21", fast_foods},
    {"22", meals_and_sides},
    {"23", beef},
    {"25", snacks},
    {"27", soups_sauces_gravies},
    {"28", baked_products},
    {"31", vegetables},
    {"32", meals_and_sides},
    {"33", baby_foods},
    {"35", native_foods},
    {"36", restaurant_foods},
    {"48", grains_and_pasta},
    {"80", fish_and_shellfish},
    {"83", fish_and_shellfish},
    {"93", fish_and_shellfish},
});

// Numbers below 42 to 44 and 90 were given to foods of any group. The first that the name has decides.
constexpr auto groups_by_name = std::to_array<words_of_group>({
    {"babyfood", baby_foods},
    {"meatless", legumes},
    {"vegetarian", legumes},
    {"tofu yogurt", legumes},
    {"papad", legumes},
    {"peanut butter, ", legumes},
    {"made from soy", legumes},
    {"soybean, curd", legumes},
    {"beans, ", legumes},
    {"salad dressing", fats_and_oils},
    {"mayonnaise", fats_and_oils},
    {"margarine", fats_and_oils},
    {"dressing", fats_and_oils},
    {"oil", fats_and_oils},
    {"butter replacement", fats_and_oils},
    {"candies", sweets},
    {"frozen novel", sweets},
    {"ice cream", sweets},
    {"frozen yogurt", sweets},
    {"yogurt, frozen", sweets},
    {"milk dessert", sweets},
    {"syrup", sweets},
    {"sweetener", sweets},
    {"pudding", sweets},
    {"pie filling", sweets},
    {"jam", sweets},
    {"jell", sweets},
    {"pectin", sweets},
    {"gum", sweets},
    {"milkshake", dairy_and_eggs},
    {"instant breakfast", dairy_and_eggs},
    {"cheese", dairy_and_eggs},
    {"yogurt", dairy_and_eggs},
    {"topping", dairy_and_eggs},
    {"cream", dairy_and_eggs},
    {"milk, ", dairy_and_eggs},
    {"egg, ", dairy_and_eggs},
    {"eggs, ", dairy_and_eggs},
    {"cereals", breakfast_cereals},
    {"millet, puffed", breakfast_cereals},
    {"snacks", snacks},
    {"granola bar", snacks},
    {"breakfast bar", snacks},
    {"popcorn", snacks},
    {"pretzel", snacks},
    {"rice cake", snacks},
    {"chips", snacks},
    {"bever", beverages},
    {"alcoholic", beverages},
    {"fluid replacement", beverages},
    {"bologna", sausages_and_cold_cuts},
    {"frankfurter", sausages_and_cold_cuts},
    {"sausage", sausages_and_cold_cuts},
    {"turkey ham", sausages_and_cold_cuts},
    {"turkey", poultry},
    {"quail", poultry},
    {"pheasant", poultry},
    {"dove", poultry},
    {"pork", pork},
    {"cranberry juice", fruits},
    {"tomato", vegetables},
    {"radishes", vegetables},
    {"cabbage", vegetables},
    {"eggplant", vegetables},
    {"potatoes", vegetables},
    {"vegetables", vegetables},
    {"turnip", vegetables},
    {"hearts of palm", vegetables},
    {"yeast", vegetables},
    {"celery", vegetables},
    {"rolls", baked_products},
    {"jellyfish", fish_and_shellfish},
    {"scallop", fish_and_shellfish},
    {"snail", fish_and_shellfish},
});

constexpr auto plain_groups = std::to_array<food_group>(
    {dairy_and_eggs, spices_and_herbs, fats_and_oils, poultry, fruits, pork, vegetables, nuts_and_seeds, beef,
     beverages, fish_and_shellfish, legumes, lamb_veal_game, grains_and_pasta});

// Whatever has one of these in its name has more in it than its name tells.
constexpr auto composed = std::to_array<std::string_view>({
    "sauce",
    "seasoned",
    "seasoning",
    "flavor",
    "breaded",
    "batter",
    "stuffed",
    "dry mix",
    "mixture",
    "mixed nuts",
    "mixed dishes",
    "mixed vegetables",
    "imitation",
    "substitute",
    "restaurant",
    "fast food",
    "dish",
    "meal",
    "casserole",
    "potato salad",
    "salads,",
    "soup",
    "gravy",
    "stew",
    "pie",
    "pudding",
    "fried",
    "coated",
    "glazed",
    "cured",
    "smoked",
    "marinated",
    "barbecue",
    "prepared",
    "product",
    "spread",
    "blend",
    "creamed",
    "cream style",
    "scalloped",
    "au gratin",
    "candied",
    "pickled",
    "kimchi",
    "chili",
    "refried",
    "baked beans",
    "vegetarian",
    "meatless",
    "patty",
    "patties",
    "sandwich",
    "hash brown",
    "french fried",
    "puffs",
    "pancake",
    "o'brien",
    "tempura",
    "enhanced",
    "added solution",
    "luncheon",
    "ham",
    "bacon",
    "sausage",
    "frankfurter",
    "surimi",
    "gefilte",
    "roll",
    "cocktail",
    "nectar",
    "drink",
    "punch",
    "shake",
    "malted",
    "chocolate",
    "cocoa",
    "powder",
    "alcoholic",
    "beer",
    "wine",
    "infant",
    "supplement",
    "protein",
    "fortified",
    "whipped",
    "topping",
    "dessert",
    "frozen yogurt",
    "dip",
    "dressing",
    "mayonnaise",
    "margarine",
    "shortening",
    "miso",
    "natto",
    "soy sauce",
    "textured",
    "curry",
    "poultry seasoning",
    "pumpkin pie spice",
    "vanilla extract",
    "mustard, prepared",
    "horseradish",
    "and beef",
    "with pork",
    "with sauce",
    "with cheese",
    "with butter",
    "with vegetables",
    "juice blend",
    "sweetened, dried",
    "brand",
    "kellogg",
    "kraft",
    "campbell",
    "ore-ida",
    "green giant",
    "vitasoy",
    "silk",
    "abbott",
    "ensure",
    "slimfast",
    "v8",
    "ocean spray",
    "bush's",
    "hormel",
    "house foods",
    "morningstar",
    "worthington",
    "loma linda",
    "gardenburger",
    "boca",
    "carnation",
    "starbucks",
    "coca-cola",
    "pepsico",
    "red bull",
    "monster",
    "lipton",
    "nestle",
    "mori-nu",
    "kashi",
    "udi",
    "van's",
    "eggo",
    "pillsbury",
    "heinz",
    "alaska native",
    "navajo",
    "hopi",
    "apache",
    "shoshone",
    "'s ",
    "no. ",
    "usda commodity",
    "ready-to-serve",
    "ready-to-eat",
    "ready-to-drink",
    "ready-to-heat",
    "unprepared",
});

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What is to be expected of a group whatever the name says.
allergen_set of_group(food_group group, std::string_view name, allergen_set by_name) {
  allergen_set found = by_name;
  switch (group) {
    case dairy_and_eggs:
      if (!by_name.has(allergen::egg) || by_name.has(allergen::milk)) found.add(allergen::milk);
      break;
    case fish_and_shellfish:
      if (!by_name.meets({allergen::crustacean, allergen::mollusc})) found.add(allergen::fish);
      break;
    case nuts_and_seeds:
      if (!has(name, "seeds") && !has(name, "waterchestnut") && by_name.empty()) found.add(allergen::tree_nuts);
      break;
    case baked_products: found.add({allergen::gluten, allergen::milk, allergen::egg}); break;
    case breakfast_cereals: found.add(allergen::gluten); break;
    case sweets:
      if (has(name, "candies") || has(name, "snacks")) found.add({allergen::milk, allergen::soy});
      break;
    default: break;
  }
  return found;
}

}  // namespace

std::string readable_name(std::string_view description) {
  std::string text;
  for (std::size_t i = 0; i < description.size();) {
    if (separates(description[i])) {
      text += description[i];
      if (description[i] == ',') text += ' ';
      ++i;
      continue;
    }
    const auto from = i;
    while (i < description.size() && !separates(description[i])) ++i;
    append_word(text, description.substr(from, i - from));
  }
  text = tidied(text);
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

std::string readable_measure(std::string_view description) { return tidied(description); }

std::optional<food_group> group_of(std::string_view ndb_number, std::string_view name) {
  const auto by_number = std::ranges::find(groups_by_number, ndb_number.substr(0, 2), &words_of_group::first);
  if (by_number != groups_by_number.end()) return by_number->second;
  const auto text = lower_case(name);
  const auto by_name = std::ranges::find_if(groups_by_name, [&](const auto& one) { return has(text, one.first); });
  return by_name == groups_by_name.end() ? std::nullopt : std::optional{by_name->second};
}

std::int32_t rank_of(food_group group, std::string_view name) {
  const auto text = lower_case(name);
  std::int32_t rank = 700;
  if (std::ranges::find(plain_groups, group) == plain_groups.end()) rank -= 200;
  if (group == baby_foods || group == native_foods) rank -= 300;
  if (std::ranges::any_of(composed, [&](std::string_view word) { return has(text, word); })) rank -= 150;
  if (has(text, "raw") || has(text, "whole")) rank += 60;
  if (has(text, "cooked")) rank += 50;
  if (has(text, "without salt") || has(text, "without skin")) rank += 10;
  for (const auto* special : {"imported", "new zealand", "australian", "canned", "dehydrated", "freeze-dried",
                              "industrial", "commodity", "wagyu", "select", "choice", "trimmed"}) {
    if (has(text, special)) rank -= 60;
  }
  // Every detail more makes it a food fewer people mean.
  rank -= static_cast<std::int32_t>(std::ranges::count(text, ',')) * 20 + static_cast<std::int32_t>(text.size());
  return std::clamp(rank, 0, 1000);
}

content content_of(food_group group, std::string_view name) {
  auto text = lower_case(name);
  // What makes tofu of soy milk is no allergen.
  if (const auto at = text.find("prepared with calcium"); at != std::string::npos) text.erase(at, 13);
  content found;
  found.allergens = of_group(group, text, allergens_in(name)).list();
  found.complete = std::ranges::find(plain_groups, group) != plain_groups.end() &&
                   std::ranges::none_of(composed, [&](std::string_view word) { return has(text, word); });
  return found;
}

}  // namespace nxg::foods

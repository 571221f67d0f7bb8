#include "services/foods/allergen_table.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <sstream>
#include <utility>

namespace nxg::foods {
namespace {

using enum allergen;

struct entry {
  std::string_view phrase;
  allergen_set means;
};

constexpr allergen_set baked{gluten, milk, egg};
constexpr allergen_set shellfish{crustacean, mollusc};
constexpr allergen_set seafood{fish, crustacean, mollusc};

// The longest phrase wins and uses its words up: "coconut milk" is no milk, "butter bean" no butter. Singular forms.
constexpr auto table = std::to_array<entry>({
    // cereals with gluten
    {"wheat", {gluten}},
    {"flour", {gluten}},
    {"bread", {gluten}},
    {"toast", {gluten}},
    {"roll", {gluten}},
    {"bun", {gluten}},
    {"bagel", {gluten, sesame}},
    {"baguette", {gluten}},
    {"ciabatta", {gluten}},
    {"pita", {gluten}},
    {"focaccia", {gluten}},
    {"tortilla", {gluten}},
    {"corn tortilla", {}},
    {"wrap", {gluten}},
    {"burrito", {gluten, milk}},
    {"quesadilla", {gluten, milk}},
    {"fajita", {gluten}},
    {"taco", {gluten}},
    {"naan", {gluten, milk}},
    {"roti", {gluten}},
    {"chapati", {gluten}},
    {"chapatti", {gluten}},
    {"phulka", {gluten}},
    {"paratha", {gluten, milk}},
    {"puri", {gluten}},
    {"bhatura", {gluten, milk}},
    {"samosa", {gluten}},
    {"pasta", {gluten, egg}},
    {"spaghetti", {gluten, egg}},
    {"macaroni", {gluten, egg}},
    {"penne", {gluten, egg}},
    {"fusilli", {gluten, egg}},
    {"linguine", {gluten, egg}},
    {"fettuccine", {gluten, egg}},
    {"lasagna", {gluten, egg, milk}},
    {"lasagne", {gluten, egg, milk}},
    {"ravioli", {gluten, egg, milk}},
    {"tortellini", {gluten, egg, milk}},
    {"gnocchi", {gluten, egg, milk}},
    {"noodle", {gluten, egg}},
    {"rice noodle", {}},
    {"glass noodle", {}},
    {"ramen", {gluten, egg, soy}},
    {"udon", {gluten}},
    {"soba", {gluten}},
    {"dumpling", {gluten, egg, soy}},
    {"wonton", {gluten, egg, soy}},
    {"gyoza", {gluten, soy}},
    {"spring roll", {gluten, soy}},
    {"summer roll", {soy, peanut, fish, crustacean}},
    {"couscous", {gluten}},
    {"bulgur", {gluten}},
    {"tabbouleh", {gluten}},
    {"semolina", {gluten}},
    {"rava", {gluten}},
    {"suji", {gluten}},
    {"upma", {gluten}},
    {"dalia", {gluten}},
    {"farro", {gluten}},
    {"spelt", {gluten}},
    {"kamut", {gluten}},
    {"durum", {gluten}},
    {"triticale", {gluten}},
    {"freekeh", {gluten}},
    {"seitan", {gluten, soy}},
    {"barley", {gluten}},
    {"rye", {gluten}},
    {"malt", {gluten}},
    {"malted", {gluten}},
    {"beer", {gluten}},
    {"ale", {gluten}},
    {"lager", {gluten}},
    {"stout", {gluten}},
    {"oat", {gluten}},
    {"oatmeal", {gluten}},
    {"porridge", {gluten}},
    {"muesli", {gluten, tree_nuts, sulphite}},
    {"granola", {gluten, tree_nuts, peanut}},
    {"cereal", {gluten}},
    {"bran", {gluten}},
    {"rice bran", {}},
    {"cracker", {gluten}},
    {"rice cracker", {}},
    {"rice cake", {}},
    {"crouton", {gluten}},
    {"breadcrumb", {gluten}},
    {"crumb", {gluten}},
    {"panko", {gluten}},
    {"breaded", {gluten, egg}},
    {"breading", {gluten, egg}},
    {"batter", {gluten, egg, milk}},
    {"battered", {gluten, egg, milk}},
    {"tempura", {gluten, egg}},
    {"schnitzel", {gluten, egg}},
    {"nugget", {gluten, egg}},
    {"pizza", {gluten, milk}},
    {"calzone", {gluten, milk}},
    {"sandwich", {gluten}},
    {"burger", {gluten}},
    {"hamburger", {gluten}},
    {"cheeseburger", {gluten, milk}},
    {"patty", {gluten, egg}},
    {"meatball", {gluten, egg}},
    {"meatloaf", {gluten, egg}},
    {"stuffing", {gluten}},
    {"gravy", {gluten}},
    {"roux", {gluten, milk}},
    {"pretzel", {gluten}},
    {"pastry", baked},
    {"pie", baked},
    {"tart", baked},
    {"quiche", baked},
    {"cake", baked},
    {"cupcake", baked},
    {"cheesecake", baked},
    {"cookie", baked},
    {"biscuit", baked},
    {"brownie", baked},
    {"muffin", baked},
    {"scone", baked},
    {"waffle", baked},
    {"pancake", baked},
    {"crepe", baked},
    {"creme brulee", {milk, egg}},
    {"croissant", baked},
    {"brioche", baked},
    {"donut", baked},
    {"doughnut", baked},
    {"danish", baked},
    {"strudel", baked},
    {"eclair", baked},
    {"tiramisu", baked},
    {"crumble", {gluten, milk}},
    {"buckwheat", {}},
    {"buckwheat flour", {}},
    {"rice flour", {}},
    {"corn flour", {}},
    {"almond flour", {tree_nuts}},
    {"chickpea flour", {}},
    {"gram flour", {}},
    {"coconut flour", {tree_nuts}},
    {"soy flour", {soy}},
    {"potato flour", {}},
    {"besan", {}},
    {"chilla", {}},
    {"dosa", {}},
    {"idli", {}},
    {"poha", {}},
    {"couscou", {gluten}},
    {"oat milk", {gluten}},
    {"wheatgrass", {gluten}},
    {"farina", {gluten}},
    {"graham", {gluten}},
    {"matzo", {gluten}},
    {"hotdog", {gluten}},
    {"hot dog", {gluten}},
    {"breadstick", {gluten}},
    {"bologna", {milk, soy}},
    // milk
    {"milk", {milk}},
    {"cheese", {milk}},
    {"butter", {milk}},
    {"cream", {milk}},
    {"creamy", {milk}},
    {"creamed", {milk}},
    {"yogurt", {milk}},
    {"yoghurt", {milk}},
    {"yogourt", {milk}},
    {"curd", {milk}},
    {"dahi", {milk}},
    {"raita", {milk}},
    {"lassi", {milk}},
    {"chaas", {milk}},
    {"paneer", {milk}},
    {"palak paneer", {milk}},
    {"khoya", {milk}},
    {"kheer", {milk, tree_nuts}},
    {"halwa", {milk, gluten, tree_nuts}},
    {"ghee", {milk}},
    {"whey", {milk}},
    {"casein", {milk}},
    {"lactose", {milk}},
    {"kefir", {milk}},
    {"skyr", {milk}},
    {"quark", {milk}},
    {"ricotta", {milk}},
    {"mozzarella", {milk}},
    {"parmesan", {milk}},
    {"cheddar", {milk}},
    {"feta", {milk}},
    {"halloumi", {milk}},
    {"gouda", {milk}},
    {"brie", {milk}},
    {"camembert", {milk}},
    {"mascarpone", {milk}},
    {"cottage", {milk}},
    {"custard", {milk, egg}},
    {"pudding", {milk, egg, gluten}},
    {"ice cream", {milk, egg}},
    {"gelato", {milk, egg}},
    {"milkshake", {milk}},
    {"shake", {milk}},
    {"latte", {milk}},
    {"cappuccino", {milk}},
    {"mocha", {milk}},
    {"chai", {milk}},
    {"buttermilk", {milk}},
    {"bechamel", {milk, gluten}},
    {"alfredo", {milk, gluten}},
    {"carbonara", {milk, gluten, egg}},
    {"gratin", {milk, gluten}},
    {"au gratin", {milk, gluten}},
    {"korma", {milk, tree_nuts}},
    {"makhani", {milk, tree_nuts}},
    {"malai", {milk}},
    {"tikka", {milk}},
    {"tikka masala", {milk, tree_nuts}},
    {"stroganoff", {milk, gluten, mustard}},
    {"tzatziki", {milk}},
    {"ranch", {milk, egg}},
    {"protein powder", {milk, soy}},
    {"protein shake", {milk, soy}},
    {"protein bar", {milk, soy, peanut, tree_nuts, gluten}},
    {"chocolate", {milk, soy}},
    {"dark chocolate", {milk, soy}},
    {"cocoa butter", {}},
    {"caramel", {milk}},
    {"toffee", {milk}},
    {"fudge", {milk}},
    {"nougat", {egg, tree_nuts, peanut}},
    {"margarine", {milk, soy}},
    {"coconut milk", {tree_nuts}},
    {"coconut cream", {tree_nuts}},
    {"coconut yogurt", {tree_nuts}},
    {"almond milk", {tree_nuts}},
    {"almond yogurt", {tree_nuts}},
    {"cashew milk", {tree_nuts}},
    {"cashew cream", {tree_nuts}},
    {"hazelnut milk", {tree_nuts}},
    {"rice milk", {}},
    {"soy milk", {soy}},
    {"soy yogurt", {soy}},
    {"hemp milk", {}},
    {"cream of tartar", {}},
    {"shea butter", {}},
    {"apple butter", {}},
    {"butter bean", {}},
    {"butterbean", {}},
    {"butternut", {}},
    {"butterhead", {}},
    {"butter lettuce", {}},
    {"bean curd", {soy}},
    {"almond butter", {tree_nuts}},
    {"cashew butter", {tree_nuts}},
    {"nut butter", {tree_nuts, peanut}},
    {"peanut butter", {peanut}},
    {"sunflower butter", {}},
    {"milkfish", {fish}},
    {"custard apple", {}},
    {"white chocolate", {milk, soy}},
    {"dulce de leche", {milk}},
    // egg
    {"egg", {egg}},
    {"omelette", {egg, milk}},
    {"omelet", {egg, milk}},
    {"frittata", {egg, milk}},
    {"shakshuka", {egg}},
    {"bhurji", {egg, milk}},
    {"meringue", {egg}},
    {"mayonnaise", {egg, mustard}},
    {"mayo", {egg, mustard}},
    {"aioli", {egg, mustard}},
    {"hollandaise", {egg, milk}},
    {"tartar sauce", {egg, mustard}},
    {"albumen", {egg}},
    {"eggnog", {egg, milk}},
    {"marshmallow", {egg}},
    {"eggplant", {}},
    {"egg free", {}},
    {"french toast", baked},
    {"caesar", {fish, egg, milk, mustard, gluten}},
    {"coleslaw", {egg, mustard, milk}},
    {"surimi", {fish, crustacean, egg}},
    // fish
    {"fish", {fish}},
    {"salmon", {fish}},
    {"tuna", {fish}},
    {"cod", {fish}},
    {"haddock", {fish}},
    {"halibut", {fish}},
    {"pollock", {fish}},
    {"tilapia", {fish}},
    {"trout", {fish}},
    {"sardine", {fish}},
    {"anchovy", {fish}},
    {"herring", {fish}},
    {"mackerel", {fish}},
    {"seabass", {fish}},
    {"sea bass", {fish}},
    {"bass", {fish}},
    {"snapper", {fish}},
    {"sole", {fish}},
    {"flounder", {fish}},
    {"plaice", {fish}},
    {"turbot", {fish}},
    {"carp", {fish}},
    {"catfish", {fish}},
    {"eel", {fish}},
    {"swordfish", {fish}},
    {"mahi", {fish}},
    {"basa", {fish}},
    {"rohu", {fish}},
    {"hilsa", {fish}},
    {"pomfret", {fish}},
    {"perch", {fish}},
    {"pike", {fish}},
    {"caviar", {fish}},
    {"roe", {fish}},
    {"kipper", {fish}},
    {"whitefish", {fish}},
    {"monkfish", {fish}},
    {"bonito", {fish}},
    {"dashi", {fish}},
    {"ceviche", seafood},
    {"sushi", {fish, crustacean, mollusc, soy, gluten, egg, sesame}},
    {"sashimi", seafood},
    {"poke", {fish, crustacean, soy, sesame, gluten}},
    {"worcestershire", {fish, gluten, soy}},
    {"fish sauce", {fish}},
    {"puttanesca", {fish, gluten}},
    {"nicoise", {fish, egg, mustard}},
    {"kedgeree", {fish, egg, milk}},
    {"thai", {fish, crustacean, soy, peanut}},
    {"pad thai", {fish, crustacean, soy, peanut, egg}},
    {"kimchi", {fish, crustacean}},
    // crustaceans, molluscs
    {"seafood", seafood},
    {"shellfish", shellfish},
    {"crustacean", {crustacean}},
    {"shrimp", {crustacean}},
    {"prawn", {crustacean}},
    {"crab", {crustacean}},
    {"lobster", {crustacean}},
    {"crayfish", {crustacean}},
    {"crawfish", {crustacean}},
    {"langoustine", {crustacean}},
    {"scampi", {crustacean}},
    {"krill", {crustacean}},
    {"mollusc", {mollusc}},
    {"mollusk", {mollusc}},
    {"mussel", {mollusc}},
    {"clam", {mollusc}},
    {"oyster", {mollusc}},
    {"scallop", {mollusc}},
    {"squid", {mollusc}},
    {"calamari", {mollusc, gluten, egg}},
    {"octopus", {mollusc}},
    {"cuttlefish", {mollusc}},
    {"snail", {mollusc}},
    {"escargot", {mollusc}},
    {"abalone", {mollusc}},
    {"whelk", {mollusc}},
    {"cockle", {mollusc}},
    {"conch", {mollusc}},
    {"oyster sauce", {mollusc, gluten, soy}},
    {"oyster mushroom", {}},
    {"king oyster mushroom", {}},
    {"crab apple", {}},
    {"crabapple", {}},
    {"paella", seafood},
    {"bouillabaisse", seafood},
    {"gumbo", {fish, crustacean, mollusc, gluten, celery}},
    {"chowder", {fish, crustacean, mollusc, milk, gluten}},
    {"jambalaya", {crustacean, celery}},
    {"jellyfish", {fish}},
    // peanut, soy, lupin
    {"peanut", {peanut}},
    {"groundnut", {peanut}},
    {"arachis", {peanut}},
    {"satay", {peanut, soy}},
    {"chikki", {peanut}},
    {"kung pao", {peanut, soy, gluten}},
    {"trail mix", {peanut, tree_nuts, sulphite, soy, milk}},
    {"soy", {soy}},
    {"soya", {soy}},
    {"soybean", {soy}},
    {"tofu", {soy}},
    {"tempeh", {soy}},
    {"miso", {soy, gluten}},
    {"edamame", {soy}},
    {"natto", {soy}},
    {"okara", {soy}},
    {"soy sauce", {soy, gluten}},
    {"soya sauce", {soy, gluten}},
    {"tamari", {soy}},
    {"teriyaki", {soy, gluten, sesame}},
    {"hoisin", {soy, gluten, sesame}},
    {"stir fry", {soy, gluten, sesame}},
    {"stir fried", {soy, gluten, sesame}},
    {"fried rice", {soy, gluten, egg}},
    {"chow mein", {soy, gluten, egg, sesame}},
    {"lo mein", {soy, gluten, egg, sesame}},
    {"manchurian", {soy, gluten}},
    {"bibimbap", {soy, egg, sesame, gluten}},
    {"bulgogi", {soy, gluten, sesame}},
    {"lecithin", {soy}},
    {"meatless", {soy, gluten, egg}},
    {"vegetarian fillet", {soy, gluten, egg}},
    {"veggie burger", {soy, gluten, egg}},
    {"vegan burger", {soy, gluten}},
    {"textured vegetable protein", {soy}},
    {"tvp", {soy}},
    {"lupin", {lupin}},
    {"lupine", {lupin}},
    {"lupini", {lupin}},
    // nuts
    {"nut", {tree_nuts, peanut}},
    {"mixed nut", {tree_nuts, peanut}},
    {"tree nut", {tree_nuts}},
    {"almond", {tree_nuts}},
    {"badam", {tree_nuts}},
    {"hazelnut", {tree_nuts}},
    {"filbert", {tree_nuts}},
    {"walnut", {tree_nuts}},
    {"cashew", {tree_nuts}},
    {"kaju", {tree_nuts}},
    {"pecan", {tree_nuts}},
    {"brazil nut", {tree_nuts}},
    {"brazilnut", {tree_nuts}},
    {"pistachio", {tree_nuts}},
    {"pista", {tree_nuts}},
    {"macadamia", {tree_nuts}},
    {"queensland nut", {tree_nuts}},
    {"pine nut", {tree_nuts}},
    {"pinon", {tree_nuts}},
    {"chestnut", {tree_nuts}},
    {"water chestnut", {}},
    {"waterchestnut", {}},
    {"coconut", {tree_nuts}},
    {"praline", {tree_nuts, milk}},
    {"marzipan", {tree_nuts}},
    {"amaretto", {tree_nuts}},
    {"nutella", {tree_nuts, milk, soy}},
    {"frangipane", {tree_nuts, egg, milk}},
    {"baklava", {tree_nuts, gluten}},
    {"pesto", {tree_nuts, milk}},
    {"macaroon", {tree_nuts, egg}},
    {"macaron", {tree_nuts, egg}},
    {"dukkah", {tree_nuts, sesame}},
    {"nutmeg", {}},
    {"acorn squash", {}},
    {"ginkgo", {tree_nuts}},
    {"hickorynut", {tree_nuts}},
    {"beechnut", {tree_nuts}},
    {"butternut squash", {}},
    {"dry fruit", {tree_nuts, sulphite}},
    {"pilinut", {tree_nuts}},
    {"breadnut", {tree_nuts}},
    {"breadfruit", {}},
    {"nutritional yeast", {}},
    {"acorn", {tree_nuts}},
    // sesame, mustard, celery
    {"sesame", {sesame}},
    {"tahini", {sesame}},
    {"hummus", {sesame}},
    {"houmous", {sesame}},
    {"halva", {sesame, tree_nuts}},
    {"til", {sesame}},
    {"gomasio", {sesame}},
    {"falafel", {sesame, gluten}},
    {"zaatar", {sesame}},
    {"baba ghanoush", {sesame}},
    {"everything bagel", {gluten, sesame}},
    {"mustard", {mustard}},
    {"dijon", {mustard}},
    {"piccalilli", {mustard, celery}},
    {"vinaigrette", {mustard, sulphite}},
    {"dressing", {mustard, egg, milk, celery, soy}},
    {"curry", {mustard, celery}},
    {"curried", {mustard, celery}},
    {"curry powder", {mustard, celery}},
    {"masala", {mustard, celery}},
    {"garam masala", {}},
    {"sambar", {mustard}},
    {"rasam", {mustard}},
    {"pickle", {mustard, celery, sulphite}},
    {"chutney", {mustard, sulphite}},
    {"achar", {mustard, sulphite}},
    {"celery", {celery}},
    {"celeriac", {celery}},
    {"stock", {celery}},
    {"broth", {celery}},
    {"bouillon", {celery, milk, gluten}},
    {"soup", {celery, milk, gluten}},
    {"stew", {celery, gluten}},
    {"casserole", {celery, milk, gluten}},
    {"bolognese", {celery, gluten}},
    {"ratatouille", {celery}},
    {"minestrone", {celery, gluten}},
    {"waldorf", {celery, tree_nuts, egg, mustard}},
    {"mirepoix", {celery}},
    {"seasoning", {celery, mustard}},
    {"seasoned", {celery, mustard}},
    {"barbecue", {mustard, celery, soy}},
    {"bbq", {mustard, celery, soy}},
    {"ketchup", {celery}},
    {"bratwurst", {celery, mustard, milk}},
    {"sausage", {celery, mustard, milk, gluten, soy}},
    {"frankfurter", {celery, mustard, milk, soy}},
    {"salami", {milk, sulphite}},
    {"chorizo", {milk, sulphite}},
    {"hot pot", {celery}},
    // sulphites
    {"sulphite", {sulphite}},
    {"sulfite", {sulphite}},
    {"sulphur dioxide", {sulphite}},
    {"sulfur dioxide", {sulphite}},
    {"wine", {sulphite}},
    {"champagne", {sulphite}},
    {"cider", {sulphite}},
    {"raisin", {sulphite}},
    {"sultana", {sulphite}},
    {"currant", {sulphite}},
    {"prune", {sulphite}},
    {"dried fruit", {sulphite}},
    {"dried apricot", {sulphite}},
    {"dried", {sulphite}},
    {"dehydrated", {sulphite}},
    {"candied", {sulphite}},
    {"sauerkraut", {sulphite}},
    {"vinegar", {sulphite}},
    {"balsamic", {sulphite}},
    {"jam", {sulphite}},
    {"molasse", {sulphite}},
    // words that look like one and are none
    {"nutrition", {}},
    {"nutritious", {}},
    {"nutrient", {}},
    {"coconut oil", {}},
    {"fishing", {}},
    {"eggshell", {egg}},
    {"butterfly", {}},
    {"soybean oil", {soy}},
    {"peanut oil", {peanut}},
    {"ryegrass", {gluten}},
    {"donut peach", {}},
    {"roll up", {gluten}},
    {"sole meuniere", {fish, milk, gluten}},
    {"rolled oat", {gluten}},
    {"horseradish", {mustard, sulphite}},
    {"wasabi", {mustard, soy}},
    {"gluten free", {}},
    {"dairy free", {}},
    {"lactose free", {milk}},
    {"nut free", {}},
    {"milk free", {}},
    {"soy free", {}},
    {"bean thread", {}},
    {"cornbread", baked},
    {"shortbread", baked},
    {"gingerbread", baked},
    {"sweetbread", {}},
    {"flatbread", {gluten}},
    {"wheat free", {}},
});

// What a word that is not in the table cannot hide: "cheesy", "beefburgers", "multigrain-wheatie".
constexpr auto stems = std::to_array<entry>({
    {"wheat", {gluten}},      {"bread", {gluten}},      {"gluten", {gluten}},
    {"milk", {milk}},         {"chees", {milk}},        {"butter", {milk}},
    {"yogh", {milk}},         {"yogurt", {milk}},       {"lact", {milk}},
    {"casein", {milk}},       {"dairy", {milk}},        {"egg", {egg}},
    {"omel", {egg}},          {"fish", {fish}},         {"salmon", {fish}},
    {"shrimp", {crustacean}}, {"prawn", {crustacean}},  {"lobster", {crustacean}},
    {"peanut", {peanut}},     {"nut", {tree_nuts}},     {"almond", {tree_nuts}},
    {"soy", {soy}},           {"tofu", {soy}},          {"sesam", {sesame}},
    {"tahin", {sesame}},      {"mustard", {mustard}},   {"celer", {celery}},
    {"sulphit", {sulphite}},  {"sulfit", {sulphite}},   {"lupin", {lupin}},
    {"burger", {gluten}},     {"pasta", {gluten, egg}}, {"noodle", {gluten, egg}},
    {"creme", {milk}},
});

// What people say they are allergic to, where that is no word for a food or means more than it.
constexpr auto meanings = std::to_array<entry>({
    {"gluten", {gluten}},
    {"coeliac", {gluten}},
    {"celiac", {gluten}},
    {"coeliac disease", {gluten}},
    {"celiac disease", {gluten}},
    {"wheat", {gluten}},
    {"wheat gluten", {gluten}},
    {"dairy", {milk}},
    {"dairy product", {milk}},
    {"lactose", {milk}},
    {"lactose intolerant", {milk}},
    {"lactose intolerance", {milk}},
    {"cow milk", {milk}},
    {"cow s milk", {milk}},
    {"milk protein", {milk}},
    {"casein", {milk}},
    {"milk product", {milk}},
    {"egg white", {egg}},
    {"egg yolk", {egg}},
    {"all nut", {tree_nuts, peanut}},
    {"nut", {tree_nuts, peanut}},
    {"tree nut", {tree_nuts}},
    {"seafood", seafood},
    {"shellfish", shellfish},
    {"crustacean", {crustacean}},
    {"mollusc", {mollusc}},
    {"mollusk", {mollusc}},
    {"fish", {fish}},
    {"soy", {soy}},
    {"soya", {soy}},
    {"soy protein", {soy}},
    {"sesame seed", {sesame}},
    {"sulphur dioxide", {sulphite}},
    {"sulfur dioxide", {sulphite}},
    {"sulphite", {sulphite}},
    {"sulfite", {sulphite}},
    {"celery", {celery}},
    {"celeriac", {celery}},
    {"mustard", {mustard}},
    {"mustard seed", {mustard}},
    {"lupin", {lupin}},
    {"lupine", {lupin}},
    {"none", {}},
    {"no allergy", {}},
    {"no known allergy", {}},
    {"no", {}},
    {"nothing", {}},
    {"n a", {}},
    // no food: no meal has it
    {"pollen", {}},
    {"hay fever", {}},
    {"hayfever", {}},
    {"dust", {}},
    {"dust mite", {}},
    {"house dust mite", {}},
    {"cat", {}},
    {"dog", {}},
    {"animal dander", {}},
    {"pet hair", {}},
    {"penicillin", {}},
    {"bee sting", {}},
    {"wasp sting", {}},
    {"insect sting", {}},
});

constexpr std::array<std::string_view, 10> around_a_meaning{"allergy", "allergic", "to",   "intolerance", "intolerant",
                                                            "severe",  "mild",     "free", "the",         "food"};

std::string singular(std::string word) {
  const auto ends = [&](std::string_view with) { return word.size() > with.size() + 1 && word.ends_with(with); };
  if (ends("ies") && word.size() > 4) return word.replace(word.size() - 3, 3, "y");
  if (ends("oes")) return word.substr(0, word.size() - 2);
  if (ends("ches") || ends("shes") || ends("sses") || ends("xes")) return word.substr(0, word.size() - 2);
  if (ends("ss") || ends("us") || ends("is")) return word;
  if (ends("s")) word.pop_back();
  return word;
}

struct phrase {
  std::vector<std::string> words;
  allergen_set means;
};

/// The entries by their first word, longest first.
class phrase_book {
 public:
  explicit phrase_book(std::span<const entry> entries) {
    for (const auto& one : entries) {
      auto words = food_words(one.phrase);
      auto& same_start = by_first_[words.front()];
      same_start.push_back({std::move(words), one.means});
    }
    for (auto& [first, same_start] : by_first_) {
      std::ranges::stable_sort(same_start, std::ranges::greater{}, [](const phrase& p) { return p.words.size(); });
    }
  }

  /// The longest that the words begin with.
  [[nodiscard]] const phrase* at(std::span<const std::string> words) const {
    const auto found = by_first_.find(words.front());
    if (found == by_first_.end()) return nullptr;
    for (const auto& one : found->second) {
      if (one.words.size() <= words.size() && std::ranges::equal(one.words, words.first(one.words.size()))) return &one;
    }
    return nullptr;
  }

 private:
  std::map<std::string, std::vector<phrase>, std::less<>> by_first_;
};

const phrase_book& foods_by_words() {
  static const phrase_book book{table};
  return book;
}

const phrase_book& meanings_by_words() {
  static const phrase_book book{meanings};
  return book;
}

allergen_set hidden_in(std::string_view word) {
  allergen_set found;
  for (const auto& stem : stems) {
    if (word.find(stem.phrase) != std::string_view::npos) found.add(stem.means);
  }
  return found;
}

}  // namespace

allergen_set allergen_set::of(const std::vector<allergen>& some) {
  allergen_set made;
  for (const auto one : some) made.add(one);
  return made;
}

std::vector<allergen> allergen_set::list() const {
  std::vector<allergen> some;
  for (const auto one : all_allergens) {
    if (has(one)) some.push_back(one);
  }
  return some;
}

std::vector<std::string> food_words(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream in{plain_words(plain_letters(text))};
  for (std::string word; in >> word;) words.push_back(singular(std::move(word)));
  return words;
}

allergen_set allergens_in(std::string_view text) {
  const auto words = food_words(text);
  allergen_set found;
  for (std::size_t i = 0; i < words.size();) {
    const auto* known = foods_by_words().at(std::span{words}.subspan(i));
    found.add(known != nullptr ? known->means : hidden_in(words[i]));
    i += known != nullptr ? known->words.size() : 1;
  }
  return found;
}

std::optional<allergen_set> allergens_meant(std::string_view text) {
  auto words = food_words(text);
  const auto whole = [&](const phrase* known) { return known != nullptr && known->words.size() == words.size(); };
  if (!words.empty()) {
    if (const auto* known = meanings_by_words().at(words); whole(known)) return known->means;
  }
  std::erase_if(words, [](const std::string& word) {
    return std::ranges::find(around_a_meaning, word) != around_a_meaning.end();
  });
  if (words.empty()) return std::nullopt;
  allergen_set meant;
  // Every word has to be understood: "milk and kiwi" is not only milk.
  for (std::size_t i = 0; i < words.size();) {
    const auto rest = std::span<const std::string>{words}.subspan(i);
    const auto* known = meanings_by_words().at(rest);
    if (known == nullptr) known = foods_by_words().at(rest);
    if (known == nullptr && (words[i] == "and" || words[i] == "or")) {
      ++i;
      continue;
    }
    // A food without any of the fourteen, and a word nobody knows, cannot be looked for.
    if (known == nullptr || known->means.empty()) return std::nullopt;
    meant.add(known->means);
    i += known->words.size();
  }
  return meant;
}

}  // namespace nxg::foods
